package dev.tidemark.runner.golden;

import dev.tidemark.runner.TidemarkResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;

/**
 * A job that keeps something of every kind, and of which it is known what it says from any point on. Checkpoints of it are kept for
 * good: what this class builds must stay as it is. What a later version of Tidemark keeps beside it gets a job of its own.
 *
 * <p>Numbers come in the order of time, one per millisecond, as far as {@link #limit} lets them; the watermark is behind them.
 */
final class GoldenJob {
    static final String JOB = "golden";
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    static final long TOTAL = 2_000;
    static final long HALF = 1_000;
    static final long QUARTER = 500;

    /** How far the watermark is behind the numbers. */
    static final long LAG = 50;

    static final long KEYS = 4;
    static final long WINDOW = 300;
    static final long GAP = 60;
    /** Numbers for each position of a range. */
    static final long NUMBERS_PER_POSITION = 50;
    /** Soon after the half. */
    static final long TIMER = HALF + 123;

    private static final int EARLY = 10;
    private static final List<String> RANGES = List.of("a", "b");
    private static final Map<String, Long> NAMES = Map.of("zero", 0L, "fifty", 50L);

    // --- read and written by the DoFns of one job at a time
    /** What DoFns have said. */
    static final Queue<String> LINES = new ConcurrentLinkedQueue<>();
    /** How often a source was asked for a reader. */
    static final AtomicInteger READERS = new AtomicInteger();
    /** How many positions of the ranges have been processed. */
    static final AtomicInteger POSITIONS = new AtomicInteger();
    /** Numbers from here on have to wait. */
    static volatile long limit;

    private GoldenJob() {}

    /** What another pipeline would have other than the one that the checkpoint is of. */
    enum Change {
        NOTHING,
        KEY_CODER,
        STATE_RENAMED,
        STATE_KIND,
        WINDOW_FN,
        TRIGGER,
        STEP_REMOVED
    }

    static void build(Pipeline pipeline, Change change) {
        PCollection<Long> numbers = pipeline.apply("numbers", Read.from(new GoldenSource()));
        PCollection<KV<String, Long>> keyed = numbers.apply("key", ParDo.of(new GoldenFns.ToKey()));
        Coder<String> keyCoder =
                change == Change.KEY_CODER ? NullableCoder.of(StringUtf8Coder.of()) : StringUtf8Coder.of();
        keyed.setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));

        numbers.apply("key to remember", ParDo.of(new GoldenFns.ToKey()))
                .setCoder(KvCoder.of(keyCoder, VarLongCoder.of()))
                .apply("remember", ParDo.of(new GoldenFns.Remember()));

        if (change != Change.STEP_REMOVED) {
            keyed.apply(
                    "sorted",
                    switch (change) {
                        case STATE_RENAMED -> ParDo.of(new GoldenFns.Renamed.Sorted());
                        case STATE_KIND -> ParDo.of(new GoldenFns.OtherKind.Sorted());
                        default -> ParDo.of(new GoldenFns.Sorted());
                    });
        }

        keyed.apply("stable", ParDo.of(new GoldenFns.Stable()));

        long gap = change == Change.WINDOW_FN ? GAP + 1 : GAP;
        keyed.apply("active", ParDo.of(new GoldenFns.Active()))
                .apply("sessions", Window.into(Sessions.withGapDuration(Duration.millis(gap))))
                .apply("count", Count.perKey())
                .apply("tell sessions", ParDo.of(new GoldenFns.TellSession()));

        keyed.apply(
                        "fixed",
                        Window.<KV<String, Long>>into(FixedWindows.of(Duration.millis(WINDOW)))
                                .triggering(AfterWatermark.pastEndOfWindow()
                                        .withEarlyFirings(AfterPane.elementCountAtLeast(
                                                change == Change.TRIGGER ? EARLY + 1 : EARLY)))
                                .withAllowedLateness(Duration.ZERO)
                                .accumulatingFiredPanes())
                .apply("group", GroupByKey.create())
                .apply("tell groups", ParDo.of(new GoldenFns.TellGroup()));

        PCollection<Long> windowed = keyed.apply("values", Values.create())
                .apply("by window", Window.into(FixedWindows.of(Duration.millis(WINDOW))));
        PCollectionView<Long> sums =
                windowed.apply("sums", Sum.longsGlobally().withoutDefaults().asSingletonView());
        PCollectionView<Map<String, Long>> names = pipeline.apply(
                        "names", Create.of(NAMES).withCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of())))
                .apply("as map", View.asMap());
        windowed.apply("share", ParDo.of(new GoldenFns.Share(sums, names)).withSideInputs(sums, names));

        pipeline.apply("ranges", Create.of(RANGES))
                .apply("positions", ParDo.of(new GoldenFns.Positions()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("by range", GroupByKey.create())
                .apply("tell ranges", ParDo.of(new GoldenFns.TellRange()));
    }

    static String key(long n) {
        return "k" + n % KEYS;
    }

    static boolean isActive(long n) {
        return n / 100 % 3 != 2;
    }

    static int positionsBelow(long n) {
        return (int) (RANGES.size() * n / NUMBERS_PER_POSITION);
    }

    /** What has been said when numbers came as far as {@code upTo}, and the last checkpoint as far as {@code stableUpTo}. */
    static List<String> saidBefore(long upTo, long stableUpTo) {
        long watermark = upTo - LAG;
        List<String> lines = new ArrayList<>();
        for (long n = 0; n < stableUpTo; n++) {
            lines.add("stable " + n);
        }
        for (long n = 5; n < watermark; n += 10) {
            lines.add(sorted(n));
        }
        sessions().forEach((line, end) -> addIf(end < watermark, line, lines));
        for (long start = 0; start < TOTAL; start += WINDOW) {
            if (start + WINDOW < watermark) {
                addWindow(start, lines);
            }
        }
        lines.sort(null);
        return lines;
    }

    private static void addIf(boolean is, String line, List<String> lines) {
        if (is) {
            lines.add(line);
        }
    }

    private static String sorted(long n) {
        return "sorted " + n + " after " + (n < KEYS ? "none" : String.valueOf(n - KEYS));
    }

    /** Each line with the end of its session. */
    private static Map<String, Long> sessions() {
        Map<String, Long> sessions = new TreeMap<>();
        for (long key = 0; key < KEYS; key++) {
            long start = -1;
            long last = -1;
            long count = 0;
            for (long n = key; n < TOTAL + KEYS * GAP; n += KEYS) {
                boolean comes = n < TOTAL && isActive(n);
                if (count > 0 && (n >= last + GAP)) {
                    sessions.put(
                            "session " + key(key) + " " + start + " to " + (last + GAP) + ": " + count, last + GAP);
                    count = 0;
                }
                if (comes) {
                    start = count == 0 ? n : start;
                    last = n;
                    count++;
                }
            }
        }
        return sessions;
    }

    /** What is said at the end of a window. */
    private static void addWindow(long start, List<String> lines) {
        long end = Math.min(start + WINDOW, TOTAL);
        for (long key = 0; key < KEYS; key++) {
            long first = start + key; // windows begin with a multiple of the keys
            long[] values =
                    LongStream.iterate(first, n -> n < end, n -> n + KEYS).toArray();
            lines.add("group " + key(key) + " from " + start + ": " + values.length + ", "
                    + LongStream.of(values).sum());
        }
        long sum = LongStream.range(start, end).sum();
        for (long n = start; n < end; n += NUMBERS_PER_POSITION) {
            lines.add("share of " + n + ": " + sum + " " + (NAMES.containsValue(n) ? "named" : "-"));
        }
    }

    /** What is said in all. */
    static List<String> saidInTheEnd() {
        List<String> lines = saidBefore(TOTAL + 10 * WINDOW, TOTAL);
        lines.removeIf(line -> line.startsWith("sorted"));
        for (long n = 5; n < TOTAL; n += 10) {
            lines.add(sorted(n));
        }
        for (long key = 0; key < KEYS; key++) {
            lines.add("timer " + key(key) + " at " + TIMER);
            lines.add(clock(key(key)));
            lines.add(remembered(key));
        }
        long positions = TOTAL / NUMBERS_PER_POSITION;
        for (String range : RANGES) {
            lines.add("range " + range + ": " + positions + ", "
                    + LongStream.range(0, positions).sum());
        }
        lines.sort(null);
        return lines;
    }

    static String clock(String key) {
        return "clock " + key;
    }

    private static String remembered(long key) {
        long count = 0;
        long sum = 0;
        SortedSet<Long> bag = new TreeSet<>();
        SortedSet<Long> set = new TreeSet<>();
        Map<String, Long> map = new TreeMap<>();
        List<Long> ordered = new ArrayList<>();
        for (long n = key; n < TOTAL; n += KEYS) {
            count++;
            sum += n;
            set.add(n % 7);
            map.merge("rest " + n % 3, 1L, Long::sum);
            if (n % 25 == 0) {
                bag.add(n);
            }
            if (n % 100 == key) {
                ordered.add(n);
            }
        }
        return GoldenFns.Remember.line(key(key), count, sum, bag, set, map, ordered);
    }

    /** What is left to be said after a checkpoint that was made when as much had been said. */
    static List<String> saidAfter(long upTo, long stableUpTo) {
        List<String> lines = saidInTheEnd();
        for (String line : saidBefore(upTo, stableUpTo)) {
            if (!lines.remove(line)) {
                throw new IllegalStateException("never said in the end: " + line);
            }
        }
        return lines;
    }

    static List<String> said() {
        return LINES.stream().sorted().toList();
    }

    /** Lets another run begin. */
    static void forget(long limitOfNext) {
        LINES.clear();
        READERS.set(0);
        POSITIONS.set(0);
        limit = limitOfNext;
    }

    /** Starts it in a state directory of its own in {@code directory}. */
    static TidemarkResult start(Path directory, Change change, String... more) {
        String[] options = new String[more.length + 4];
        options[0] = "--runner=TidemarkRunner";
        options[1] = "--jobName=" + JOB;
        options[2] = "--tidemarkStateDir=" + directory.resolve("state");
        options[3] = "--tidemarkProgress=off";
        System.arraycopy(more, 0, options, 4, more.length);
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
        build(pipeline, change);
        return (TidemarkResult) pipeline.run();
    }

    static void await(String what, BooleanSupplier is) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!is.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "no " + what + ", but " + POSITIONS + " positions and " + String.join("\n", said()));
            }
            Thread.sleep(10);
        }
    }
}
