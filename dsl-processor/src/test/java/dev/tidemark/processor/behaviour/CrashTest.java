package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.processor.groups.UserSessionsTester;
import dev.tidemark.processor.versions.Halves;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups whose job ends in the middle, and goes on from what is stored: edge case 65. */
final class CrashTest {
    private static final int FAILURES = 3;
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
    private static final AtomicInteger UNTIL_FAILURE = new AtomicInteger();
    private static final Queue<String> ROWS = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory = Path.of("");

    /** Fails at drawn elements, a number of times. */
    private static final class Fragile<T> extends DoFn<T, T> {
        private static final long serialVersionUID = 1L;

        private final long seed;

        Fragile(long seed) {
            this.seed = seed;
        }

        @ProcessElement
        public void process(@Element T element, OutputReceiver<T> out) throws InterruptedException {
            // Slow enough for checkpoints between two failures.
            Thread.sleep(1);
            if (UNTIL_FAILURE.decrementAndGet() == 0) {
                int left = FAILURES_LEFT.getAndDecrement();
                if (left > 0) {
                    UNTIL_FAILURE.set(20 + new Random(seed + left).nextInt(150));
                    throw new IllegalStateException("on purpose");
                }
            }
            out.output(element);
        }
    }

    private static final class Tell extends DoFn<Line, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Line line, @Timestamp org.joda.time.Instant time) {
            ROWS.add(line.key() + " " + line.text() + " @" + time.getMillis());
        }
    }

    private static List<Said> events(long seed) {
        Random random = new Random(seed);
        List<Said> events = new ArrayList<>();
        long time = 0;
        for (int i = 0; i < 400; i++) {
            time += random.nextInt(4);
            events.add(new Said(
                    "k" + random.nextInt(5),
                    Instant.ofEpochMilli(time),
                    random.nextInt(10) == 0
                            ? "add tell"
                            : random.nextInt(20) == 0 ? "tell close" : "add note:" + i % 3));
        }
        return events;
    }

    private TreeSet<String> rows(long seed, int failures, boolean ordered) {
        ROWS.clear();
        FAILURES_LEFT.set(failures);
        UNTIL_FAILURE.set(failures == 0 ? Integer.MAX_VALUE : 30);
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner",
                        "--jobName=crash" + failures + ordered,
                        "--tidemarkParallelism=2",
                        "--tidemarkStateDir=" + directory.resolve("state"),
                        "--tidemarkMaxRestarts=" + failures,
                        "--tidemarkCheckpointInterval=5ms")
                .create());
        PCollection<Said> events = pipeline.apply(
                        "events",
                        Read.from(Halves.whole(
                                events(seed), said -> said.time().toEpochMilli(), ForeverGroup.inputCoder())))
                .apply("before", ParDo.of(new Fragile<>(seed)))
                .setCoder(ForeverGroup.inputCoder());
        PCollection<Line> lines =
                ordered ? events.apply(SessionsGroup.transform()) : events.apply(ForeverGroup.transform());
        lines.apply("after", ParDo.of(new Fragile<>(~seed)))
                .setCoder(ForeverGroup.outputCoder())
                .apply("tell", ParDo.of(new Tell()));
        assertThat(pipeline.run().waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(FAILURES_LEFT.get()).as("failures that did not happen").isLessThanOrEqualTo(0);
        return new TreeSet<>(ROWS);
    }

    /** A row may come twice, if its bundle is tried again, but no other than the right ones comes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aGroupWhoseJobFailsAnywhereGivesTheSameRows(long seed) {
        for (boolean ordered : List.of(true, false)) {
            TreeSet<String> expected = rows(seed, 0, ordered);
            assertThat(expected).hasSizeGreaterThan(30);
            assertThat(rows(seed, FAILURES, ordered)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    /** Whatever step a process ends after, nothing but what is stored was needed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aGroupThatIsRestoredAfterEachStepGivesTheSameRows(long seed) {
        UserSessionsTester whole = UserSessionsTester.create();
        UserSessionsTester broken = UserSessionsTester.create();
        SeededTester wholeSeeded = SeededTester.create();
        SeededTester brokenSeeded = SeededTester.create();
        AlarmsByClockTester wholeByClock = AlarmsByClockTester.create();
        AlarmsByClockTester brokenByClock = AlarmsByClockTester.create();
        Random random = new Random(seed);
        long time = 0;
        for (int i = 0; i < 60; i++) {
            time += random.nextInt(4_000);
            String key = "k" + random.nextInt(3);
            Instant at = Instant.ofEpochMilli(time);
            for (UserSessionsTester each : List.of(whole, broken)) {
                each.event(key, at.toString(), i, "a" + i % 4).watermark(at.minusMillis(3_000));
            }
            for (SeededTester each : List.of(wholeSeeded, brokenSeeded)) {
                each.event(key, at.toString(), "w" + i).watermark(at);
            }
            Duration tick = Duration.ofMillis(random.nextInt(900));
            for (AlarmsByClockTester each : List.of(wholeByClock, brokenByClock)) {
                each.event(key, at.toString(), "+1000").clock(tick);
            }
            broken.crashAndRestore();
            brokenSeeded.crashAndRestore();
            brokenByClock.crashAndRestore();
        }
        assertThat(broken.end().rows()).isEqualTo(whole.end().rows()).isNotEmpty();
        assertThat(brokenSeeded.end().rows())
                .isEqualTo(wholeSeeded.end().rows())
                .isNotEmpty();
        assertThat(brokenByClock.end().rows())
                .isEqualTo(wholeByClock.end().rows())
                .isNotEmpty();
    }
}
