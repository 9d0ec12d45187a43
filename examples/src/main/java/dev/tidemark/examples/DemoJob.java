package dev.tidemark.examples;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * The job of the demo: {@link UserSessions} and {@link UserActivity} on one stream of readings. It keeps its lines as state until its
 * input has ended, so that they come once, in the process that gets there, however many others were killed before.
 */
public final class DemoJob {
    static final String SESSION = "session\t";
    static final String ACTIVITY = "activity\t";

    /** A job that is killed has had time for checkpoints. */
    private static final long LEAST_MILLIS = 700;

    private DemoJob() {}

    /** Runs the job as a program of its own: its lines go to standard output. */
    public static void main(String[] args) {
        System.exit(Program.guarded(() -> {
            DemoOptions options = Program.options(DemoOptions.class, args);
            Pipeline pipeline = Pipeline.create(options);
            PCollectionTuple rows = pipeline.apply("ReadActivity", ReadActivity.from(options));
            rows.get(ReadActivity.MALFORMED).apply("ReportMalformed", ParDo.of(new Example.ReportMalformed()));
            try (Collected lines =
                    Collected.of("Collect", lines(rows.get(ReadActivity.READINGS), killAfter(options)))) {
                Program.Outcome outcome = Program.run(pipeline);
                if (!outcome.stopped()) {
                    lines.rows().forEach(Console::row);
                    Example.report(outcome);
                }
                return outcome.exitCode();
            }
        }));
    }

    /** After how many readings the job is killed; never for 0. */
    static long killAfter(DemoOptions options) {
        if (options.getKillAfter() >= 0) {
            return options.getKillAfter();
        }
        return options.getInput() == null ? Math.max(1, options.getReadings() / 2) : 1;
    }

    /** The result: a line per session, and one per user. */
    static PCollection<String> lines(PCollection<Reading> all, long killAfter) {
        PCollection<Reading> readings = all.apply("Kill", ParDo.of(new Kill(killAfter)));
        readings.setCoder(all.getCoder());
        PCollection<String> sessions = new UserSessionsExample()
                .lines(readings)
                .apply(
                        "ByUser",
                        WithKeys.of((String line) -> line.substring(0, line.indexOf('\t')))
                                .withKeyType(TypeDescriptors.strings()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()))
                .apply("Sessions until the end", ParDo.of(new KeepLines()));
        PCollection<UserActivity.Now> activities = UserActivityExample.rows(readings);
        PCollection<String> latest = activities
                .apply("ByName", WithKeys.of(UserActivity.Now::user).withKeyType(TypeDescriptors.strings()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), activities.getCoder()))
                .apply("Latest until the end", ParDo.of(new KeepLatest(activities.getCoder())));
        return PCollectionList.of(sessions).and(latest).apply("Lines", Flatten.pCollections());
    }

    /** Ends this process as nothing can be kept from doing it, once. */
    private static final class Kill extends DoFn<Reading, Reading> {
        private static final long serialVersionUID = 1;
        private static final AtomicLong SEEN = new AtomicLong();
        private static final AtomicLong FIRST_NANOS = new AtomicLong();

        private final long after;

        Kill(long after) {
            this.after = after;
        }

        @ProcessElement
        public void process(@Element Reading reading, OutputReceiver<Reading> out) throws IOException {
            if (after > 0) {
                long seen = SEEN.incrementAndGet();
                if (seen == 1) {
                    FIRST_NANOS.set(System.nanoTime());
                }
                if (seen >= after && System.nanoTime() - FIRST_NANOS.get() > LEAST_MILLIS * 1_000_000) {
                    String pid = String.valueOf(ProcessHandle.current().pid());
                    new ProcessBuilder("kill", "-KILL", pid).start();
                }
            }
            out.output(reading);
        }
    }

    static final class KeepLines extends DoFn<KV<String, String>, String> {
        private static final long serialVersionUID = 1;

        @StateId("lines")
        private final StateSpec<BagState<String>> linesSpec = StateSpecs.bag(StringUtf8Coder.of());

        @ProcessElement
        public void process(@Element KV<String, String> session, @StateId("lines") BagState<String> lines) {
            lines.add(session.getValue());
        }

        @OnWindowExpiration
        public void end(@StateId("lines") BagState<String> lines, OutputReceiver<String> out) {
            lines.read().forEach(line -> out.output(SESSION + line));
        }
    }

    static final class KeepLatest extends DoFn<KV<String, UserActivity.Now>, String> {
        private static final long serialVersionUID = 1;

        @StateId("latest")
        private final StateSpec<ValueState<UserActivity.Now>> latestSpec;

        KeepLatest(Coder<UserActivity.Now> coder) {
            latestSpec = StateSpecs.value(coder);
        }

        @ProcessElement
        public void process(
                @Element KV<String, UserActivity.Now> row, @StateId("latest") ValueState<UserActivity.Now> latest) {
            UserActivity.Now before = latest.read();
            latest.write(before == null ? row.getValue() : later(before, row.getValue()));
        }

        /** A later row of a user ends later, or ends at the same time and begins earlier: so it does not matter in which order they come. */
        private static UserActivity.Now later(UserActivity.Now one, UserActivity.Now other) {
            int byEnd = one.end().compareTo(other.end());
            return byEnd > 0 || (byEnd == 0 && one.start().isBefore(other.start())) ? one : other;
        }

        @OnWindowExpiration
        public void end(@StateId("latest") ValueState<UserActivity.Now> latest, OutputReceiver<String> out) {
            UserActivity.@Nullable Now now = latest.read();
            if (now != null) {
                out.output(ACTIVITY + UserActivityExample.line(now));
            }
        }
    }
}
