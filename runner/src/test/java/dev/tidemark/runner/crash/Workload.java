package dev.tidemark.runner.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something to be killed in the middle of: reads numbers at a rate, and writes lines to files. What the lines are does not depend on
 * how often it was killed; only how often each was written does, because what is outside of a job happens at least once.
 */
enum Workload {
    /** Counts per key in a state, told in the end. */
    COUNTERS {
        @Override
        void build(Pipeline pipeline, String directory) {
            numbers(pipeline, "numbers", NUMBERS, 100)
                    .apply("count", ParDo.of(new CountFn()))
                    .apply("write", ParDo.of(new WriteFn(directory)));
        }

        @Override
        SortedSet<String> lines() {
            Map<String, long[]> counts = new TreeMap<>();
            for (long n = 0; n < NUMBERS; n++) {
                long[] count = counts.computeIfAbsent(key(n), none -> new long[2]);
                count[0]++;
                count[1] += n;
            }
            SortedSet<String> lines = new TreeSet<>();
            counts.forEach((key, count) -> lines.add(key + " " + count[0] + " " + count[1]));
            return lines;
        }
    },

    /** Counts per session: windows that merge, and the panes of Beam's own triggers. */
    SESSIONS {
        @Override
        void build(Pipeline pipeline, String directory) {
            numbers(pipeline, "numbers", NUMBERS, 100)
                    .apply("gaps", ParDo.of(new WithGapsFn()))
                    .apply(Window.into(Sessions.withGapDuration(Duration.millis(GAP))))
                    .apply(Count.perKey())
                    .apply("line", ParDo.of(new SessionFn()))
                    .apply("write", ParDo.of(new WriteFn(directory)));
        }

        @Override
        SortedSet<String> lines() {
            Map<String, List<long[]>> sessions = new HashMap<>();
            for (long n = 0; n < NUMBERS; n++) {
                if (!isInGap(n)) {
                    List<long[]> ofKey = sessions.computeIfAbsent(key(n), none -> new ArrayList<>());
                    long[] last = ofKey.isEmpty() ? null : ofKey.get(ofKey.size() - 1);
                    if (last == null || last[1] <= n) {
                        ofKey.add(new long[] {n, n + GAP, 1});
                    } else {
                        last[1] = n + GAP;
                        last[2]++;
                    }
                }
            }
            SortedSet<String> lines = new TreeSet<>();
            sessions.forEach((key, ofKey) ->
                    ofKey.forEach(each -> lines.add(key + " " + each[0] + " " + each[1] + " " + each[2])));
            return lines;
        }
    },

    /** A timer per key that sets itself again, and tells each firing; each element clears it, and sets it back. */
    TIMERS {
        @Override
        void build(Pipeline pipeline, String directory) {
            numbers(pipeline, "numbers", NUMBERS, 100)
                    .apply("loop", ParDo.of(new LoopFn()))
                    .apply("write", ParDo.of(new WriteFn(directory)));
        }

        @Override
        SortedSet<String> lines() {
            SortedSet<String> lines = new TreeSet<>();
            for (long key = 0; key < KEYS; key++) {
                for (long time = TICK; time <= NUMBERS; time += TICK) {
                    lines.add(key(key) + " " + time);
                }
            }
            return lines;
        }
    },

    /** Two streams, each element of the one with each of the other that has its key, kept in bags. */
    JOIN {
        @Override
        void build(Pipeline pipeline, String directory) {
            PCollection<KV<String, Long>> left =
                    numbers(pipeline, "left", JOINED, 5).apply("as left", ParDo.of(new SideFn(1)));
            PCollection<KV<String, Long>> right =
                    numbers(pipeline, "right", JOINED, 5).apply("as right", ParDo.of(new SideFn(-1)));
            PCollectionList.of(left)
                    .and(right)
                    .apply(Flatten.pCollections())
                    .apply("join", ParDo.of(new JoinFn()))
                    .apply("write", ParDo.of(new WriteFn(directory)));
        }

        @Override
        SortedSet<String> lines() {
            SortedSet<String> lines = new TreeSet<>();
            for (long left = 0; left < JOINED; left++) {
                for (long right = left % JOIN_KEYS; right < JOINED; right += JOIN_KEYS) {
                    lines.add(left % JOIN_KEYS + " " + left + " " + right);
                }
            }
            return lines;
        }
    },

    /** Files for windows, by Beam's own writer. Here each line counts: what is in two files is wrong. */
    FILES {
        @Override
        void build(Pipeline pipeline, String directory) {
            numbers(pipeline, "numbers", NUMBERS, 100)
                    .apply(MapElements.into(TypeDescriptors.strings()).via(each -> String.valueOf(each.getValue())))
                    .apply(Window.into(FixedWindows.of(Duration.millis(TICK))))
                    .apply(TextIO.write()
                            .to(directory + "/files/numbers")
                            .withWindowedWrites()
                            .withNumShards(3));
        }

        @Override
        SortedSet<String> lines() {
            return LongStream.range(0, NUMBERS)
                    .mapToObj(String::valueOf)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        SortedSet<String> written(Path directory) throws IOException {
            SortedSet<String> lines = new TreeSet<>();
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("files"), "numbers*")) {
                for (Path file : files) {
                    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                        if (!lines.add(line)) {
                            lines.add(line + " again, in " + file.getFileName());
                        }
                    }
                }
            }
            return lines;
        }

        @Override
        List<String> leftovers(Path directory) throws IOException {
            try (Stream<Path> files = Files.list(directory.resolve("files"))) {
                return files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> !name.startsWith("numbers"))
                        .toList();
            }
        }
    };

    private static final long NUMBERS = 40_000;
    private static final long KEYS = 50;
    private static final long GAP = 200;
    private static final long TICK = 500;
    private static final long JOINED = 3_000;
    private static final long JOIN_KEYS = 500;
    private static final Duration PERIOD = Duration.millis(5);

    abstract void build(Pipeline pipeline, String directory);

    /** What is in the files when all is done. */
    abstract SortedSet<String> lines();

    /** What is there beside what was to be written, when all is done. */
    List<String> leftovers(Path directory) throws IOException {
        return List.of();
    }

    private static String key(long n) {
        return "key-" + n % KEYS;
    }

    private static boolean isInGap(long n) {
        return n / 1000 % 3 == 2;
    }

    /** The numbers from 0 on, some at a time, each at its own millisecond. */
    private static PCollection<KV<String, Long>> numbers(Pipeline pipeline, String name, long count, long perPeriod) {
        return pipeline.apply(
                        name,
                        GenerateSequence.from(0)
                                .to(count)
                                .withRate(perPeriod, PERIOD)
                                .withTimestampFn(n -> Instant.ofEpochMilli(n)))
                .apply(name + " by key", ParDo.of(new KeyFn()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    }

    static final class KeyFn extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of(key(n), n));
        }
    }

    static final class CountFn extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @StateId("count")
        private final StateSpec<ValueState<Long>> countSpec = StateSpecs.value(VarLongCoder.of());

        @StateId("sum")
        private final StateSpec<ValueState<Long>> sumSpec = StateSpecs.value(VarLongCoder.of());

        @StateId("key")
        private final StateSpec<ValueState<String>> keySpec = StateSpecs.value(StringUtf8Coder.of());

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("count") ValueState<Long> count,
                @StateId("sum") ValueState<Long> sum,
                @StateId("key") ValueState<String> key) {
            key.write(element.getKey());
            count.write(orZero(count.read()) + 1);
            sum.write(orZero(sum.read()) + element.getValue());
        }

        @OnWindowExpiration
        public void end(
                @StateId("count") ValueState<Long> count,
                @StateId("sum") ValueState<Long> sum,
                @StateId("key") ValueState<String> key,
                OutputReceiver<String> out) {
            out.output(key.read() + " " + count.read() + " " + sum.read());
        }
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    static final class WithGapsFn extends DoFn<KV<String, Long>, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Long> element, OutputReceiver<KV<String, Long>> out) {
            if (!isInGap(element.getValue())) {
                out.output(element);
            }
        }
    }

    static final class SessionFn extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Long> count, BoundedWindow window, OutputReceiver<String> out) {
            IntervalWindow session = (IntervalWindow) window;
            out.output(count.getKey() + " " + session.start().getMillis() + " "
                    + session.end().getMillis() + " " + count.getValue());
        }
    }

    static final class LoopFn extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @StateId("next")
        private final StateSpec<ValueState<Long>> nextSpec = StateSpecs.value(VarLongCoder.of());

        @TimerId("tick")
        private final TimerSpec tickSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("next") ValueState<Long> next,
                @TimerId("tick") Timer tick) {
            Long due = next.read();
            if (due == null) {
                next.write(TICK);
                tick.set(Instant.ofEpochMilli(TICK));
            } else if (due <= NUMBERS && due > element.getValue()) {
                tick.clear();
                tick.withOutputTimestamp(Instant.ofEpochMilli(element.getValue()))
                        .set(Instant.ofEpochMilli(due));
            }
        }

        @OnTimer("tick")
        public void tick(
                @Key String key,
                @StateId("next") ValueState<Long> next,
                @TimerId("tick") Timer tick,
                OutputReceiver<String> out) {
            long due = orZero(next.read());
            out.output(key + " " + due);
            next.write(due + TICK);
            if (due + TICK <= NUMBERS) {
                tick.set(Instant.ofEpochMilli(due + TICK));
            }
        }
    }

    /** Left numbers as they are and one more, so that none is 0; right ones negative. */
    static final class SideFn extends DoFn<KV<String, Long>, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        private final int sign;

        SideFn(int sign) {
            this.sign = sign;
        }

        @ProcessElement
        public void process(@Element KV<String, Long> element, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of(Long.toString(element.getValue() % JOIN_KEYS), sign * (element.getValue() + 1)));
        }
    }

    static final class JoinFn extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @StateId("left")
        private final StateSpec<BagState<Long>> leftSpec = StateSpecs.bag(VarLongCoder.of());

        @StateId("right")
        private final StateSpec<BagState<Long>> rightSpec = StateSpecs.bag(VarLongCoder.of());

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("left") BagState<Long> left,
                @StateId("right") BagState<Long> right,
                OutputReceiver<String> out) {
            long n = Math.abs(element.getValue()) - 1;
            if (element.getValue() > 0) {
                left.add(n);
                right.read().forEach(other -> out.output(element.getKey() + " " + n + " " + other));
            } else {
                right.add(n);
                left.read().forEach(other -> out.output(element.getKey() + " " + other + " " + n));
            }
        }
    }

    /** Writes its lines to a file of its own, those of a bundle at once. */
    static final class WriteFn extends DoFn<String, Void> {
        private static final long serialVersionUID = 1L;

        private final String directory;
        private transient @Nullable Path file;
        private transient @Nullable StringBuilder lines;

        WriteFn(String directory) {
            this.directory = directory;
        }

        @Setup
        public void setUp() {
            // Two that write to the same file would write into each other's lines.
            file = Path.of(directory).resolve("lines-" + UUID.randomUUID());
        }

        @ProcessElement
        public void process(@Element String line) {
            if (lines == null) {
                lines = new StringBuilder();
            }
            lines.append(line).append(".\n");
        }

        @FinishBundle
        public void finish() {
            StringBuilder whole = lines;
            Path own = file;
            if (whole != null && own != null) {
                lines = null;
                try {
                    Files.writeString(
                            own, whole, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** The lines that were written whole: a kill may have cut one, which is then there once more. */
    SortedSet<String> written(Path directory) throws IOException {
        SortedSet<String> lines = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "lines-*")) {
            for (Path file : files) {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    if (line.endsWith(".")) {
                        lines.add(line.substring(0, line.length() - 1));
                    }
                }
            }
        }
        return lines;
    }
}
