package dev.tidemark.runner.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerMap;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job with one of everything that has to survive: a source's marks, restrictions under way, elements that wait for a side input or for a
 * checkpoint, state, timers in both domains, panes. What it comes to is known beforehand: each number that it counts is told once.
 *
 * @param copies how many numbers a splittable DoFn makes of a record; 0 without one
 * @param nulls whether the records of one key have none
 * @param reshuffles whether records are shuffled
 * @param waits whether records wait for a side input
 * @param windows what is grouped into
 * @param most how many elements a pane has at least
 * @param branches what else becomes of the numbers
 */
record SimulatedJob(
        int copies, boolean nulls, boolean reshuffles, boolean waits, Windows windows, int most, Set<Branch> branches) {
    enum Windows {
        FIXED,
        SLIDING,
        SESSIONS
    }

    /** The namespace of the counters that say what the job has come to. */
    static final String TOLD = "told";

    private static final KvCoder<@Nullable String, Long> CODER =
            KvCoder.of(NullableCoder.of(StringUtf8Coder.of()), VarLongCoder.of());
    /** Of windows, in milliseconds. */
    static final long SIZE = 40;

    private static final long DUE = 25;
    private static final long SIDE = 7;

    /** One of so many, so that their plans can be kept. */
    private static final int JOBS = 300;

    static SimulatedJob draw(Random any) {
        Random random = new Random(any.nextInt(JOBS));
        return new SimulatedJob(
                random.nextBoolean() ? 0 : 1 + random.nextInt(3),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                Windows.values()[random.nextInt(Windows.values().length)],
                1 + random.nextInt(3),
                Stream.of(Branch.values())
                        .filter(branch -> random.nextInt(3) == 0)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    // ---------------------------------------------------------------- what it comes to

    /** What is told, and how often. */
    SortedMap<String, Long> expected(List<Feed.Items> splits) {
        SortedMap<String, Long> expected = new TreeMap<>();
        Map<String, long[]> totals = new HashMap<>();
        List<Branch.Told> numbers = numbers(splits);
        for (Branch.Told each : numbers) {
            long number = each.number();
            expected.put("due " + number, 1L);
            expected.put("later " + number, 1L);
            expected.put("grouped " + number, windows == Windows.SLIDING ? 2L : 1L);
            long[] total = totals.computeIfAbsent(each.key(), key -> new long[3]);
            total[0]++;
            total[1] += number;
            total[2] = Math.max(total[2], number);
        }
        totals.forEach((key, total) -> expected.put(total(key, total[0], total[1], total[2]), 1L));
        branches.forEach(branch -> branch.expect(numbers, expected));
        return expected;
    }

    /** What must have been written down. */
    List<String> expectedWritten(List<Feed.Items> splits) {
        return texts(splits, "");
    }

    /** What must have been reported for good before there can be an end. */
    List<String> expectedReports(List<Feed.Items> splits) {
        return texts(splits, "later ");
    }

    private List<String> texts(List<Feed.Items> splits, String prefix) {
        return numbers(splits).stream().map(each -> prefix + each.number()).toList();
    }

    private List<Branch.Told> numbers(List<Feed.Items> splits) {
        List<Branch.Told> numbers = new ArrayList<>();
        for (Feed.Items split : splits) {
            for (Feed.Item item : split.items()) {
                String key = String.valueOf(key(nulls, item.key()));
                for (int copy = 0; copy < Math.max(1, copies); copy++) {
                    numbers.add(new Branch.Told(key, item.id() * 10 + copy, item.time()));
                }
            }
        }
        return numbers;
    }

    private static @Nullable String key(boolean nulls, String key) {
        return nulls && key.equals(Feed.FIRST_KEY) ? null : key;
    }

    private static String total(@Nullable String key, long count, long sum, long most) {
        return "total of " + key + ": " + count + " " + sum + " " + most;
    }

    // ---------------------------------------------------------------- how it is made

    Pipeline pipeline(PipelineOptions options) {
        Pipeline pipeline = Pipeline.create(options);
        PCollection<KV<String, Long>> records = pipeline.apply("feed", Read.from(Feed.whole()));
        PCollection<KV<@Nullable String, Long>> numbers = copies == 0
                ? records.apply("number", ParDo.of(new NumberFn(nulls)))
                : records.apply("copy", ParDo.of(new CopyFn(copies, nulls)));
        numbers.setCoder(CODER);
        if (waits) {
            PCollectionView<Long> side = pipeline.apply("side", Create.of(SIDE)).apply(View.asSingleton());
            numbers = numbers.apply("wait", ParDo.of(new WaitFn(side)).withSideInputs(side))
                    .setCoder(CODER);
        }
        if (reshuffles) {
            numbers = numbers.apply("shuffle", Reshuffle.of());
        }
        numbers.apply("mark", ParDo.of(new NonceFn())).apply("write", ParDo.of(new WriteFn()));
        PCollection<String> remembered = numbers.apply("remember", ParDo.of(new RememberFn()));
        remembered.apply("tell", ParDo.of(new Branch.TellFn()));
        remembered.apply("report", ParDo.of(new ReportFn()));
        numbers.apply("window", window())
                .apply("group", GroupByKey.create())
                .apply("grouped", ParDo.of(new GroupedFn()))
                .apply("tell of groups", ParDo.of(new Branch.TellFn()));
        for (Branch branch : branches) {
            branch.apply(numbers);
        }
        return pipeline;
    }

    private Window<KV<@Nullable String, Long>> window() {
        Duration size = Duration.millis(SIZE);
        Window<KV<@Nullable String, Long>> window = switch (windows) {
            case FIXED -> Window.into(FixedWindows.of(size));
            case SLIDING -> Window.into(SlidingWindows.of(size).every(size.dividedBy(2)));
            case SESSIONS -> Window.into(Sessions.withGapDuration(size.dividedBy(4)));
        };
        return window.triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(most)))
                .discardingFiredPanes()
                // No record is late, before a crash or after it; what is counted late would be missed.
                .withAllowedLateness(Duration.ZERO);
    }

    static final class NumberFn extends DoFn<KV<String, Long>, KV<@Nullable String, Long>> {
        private static final long serialVersionUID = 1L;
        private final boolean nulls;

        NumberFn(boolean nulls) {
            this.nulls = nulls;
        }

        @ProcessElement
        public void process(@Element KV<String, Long> record, OutputReceiver<KV<@Nullable String, Long>> out) {
            out.output(KV.of(key(nulls, record.getKey()), record.getValue() * 10));
        }
    }

    /** Each copy in a bundle of its own: what is left is kept. */
    @DoFn.BoundedPerElement
    static final class CopyFn extends DoFn<KV<String, Long>, KV<@Nullable String, Long>> {
        private static final long serialVersionUID = 1L;
        private final int copies;
        private final boolean nulls;

        CopyFn(int copies, boolean nulls) {
            this.copies = copies;
            this.nulls = nulls;
        }

        @GetInitialRestriction
        public OffsetRange restriction() {
            return new OffsetRange(0, copies);
        }

        @ProcessElement
        public ProcessContinuation process(
                @Element KV<String, Long> record,
                RestrictionTracker<OffsetRange, Long> tracker,
                OutputReceiver<KV<@Nullable String, Long>> out) {
            long copy = tracker.currentRestriction().getFrom();
            if (!tracker.tryClaim(copy)) {
                return ProcessContinuation.stop();
            }
            out.output(KV.of(key(nulls, record.getKey()), record.getValue() * 10 + copy));
            return ProcessContinuation.resume().withResumeDelay(Duration.millis(3));
        }
    }

    static final class WaitFn extends DoFn<KV<@Nullable String, Long>, KV<@Nullable String, Long>> {
        private static final long serialVersionUID = 1L;
        private final PCollectionView<Long> side;

        WaitFn(PCollectionView<Long> side) {
            this.side = side;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            if (context.sideInput(side) == SIDE) {
                context.output(context.element());
            }
        }
    }

    /** Another result at each try. */
    static final class NonceFn extends DoFn<KV<@Nullable String, Long>, KV<String, String>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<@Nullable String, Long> number, OutputReceiver<KV<String, String>> out) {
            out.output(KV.of(String.valueOf(number.getValue()), World.current().nonce()));
        }
    }

    static final class WriteFn extends DoFn<KV<String, String>, Void> {
        private static final long serialVersionUID = 1L;

        @RequiresStableInput
        @ProcessElement
        public void process(@Element KV<String, String> element) {
            World.current().writes(element.getKey(), element.getValue());
        }
    }

    /** Keeps its numbers until their timers have told them, and the sum of all to the end. */
    static final class RememberFn extends DoFn<KV<@Nullable String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @StateId("count")
        private final StateSpec<ValueState<Long>> countSpec = StateSpecs.value(VarLongCoder.of());

        @StateId("numbers")
        private final StateSpec<BagState<Long>> numbersSpec = StateSpecs.bag(VarLongCoder.of());

        @StateId("waiting")
        private final StateSpec<MapState<String, Long>> waitingSpec =
                StateSpecs.map(StringUtf8Coder.of(), VarLongCoder.of());

        @TimerFamily("due")
        final TimerSpec dueSpec = TimerSpecs.timerMap(TimeDomain.EVENT_TIME);

        @TimerFamily("never")
        final TimerSpec neverSpec = TimerSpecs.timerMap(TimeDomain.EVENT_TIME);

        @TimerFamily("later")
        final TimerSpec laterSpec = TimerSpecs.timerMap(TimeDomain.PROCESSING_TIME);

        @TimerId("end")
        private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<@Nullable String, Long> number,
                @Timestamp Instant time,
                @AlwaysFetched @StateId("count") ValueState<Long> count,
                @StateId("numbers") BagState<Long> numbers,
                @StateId("waiting") MapState<String, Long> waiting,
                @TimerFamily("due") TimerMap due,
                @TimerFamily("never") TimerMap never,
                @TimerFamily("later") TimerMap later,
                @TimerId("end") Timer end) {
            World.current().userStep("an element with state");
            Long before = count.read();
            count.write(before == null ? 1 : before + 1);
            numbers.add(number.getValue());
            String id = String.valueOf(number.getValue());
            waiting.put(id, number.getValue());
            due.set(id, time.plus(Duration.millis(DUE)));
            never.set(id, time.plus(Duration.millis(DUE)));
            never.get(id).clear();
            later.get(id).offset(Duration.millis(number.getValue() % 30)).setRelative();
            end.set(GlobalWindow.INSTANCE.maxTimestamp());
        }

        @OnTimerFamily("due")
        public void due(
                @TimerId String id, @StateId("waiting") MapState<String, Long> waiting, OutputReceiver<String> out) {
            World.current().userStep("a timer");
            Long number = waiting.get(id).read();
            out.output("due " + (number == null ? "and forgotten: " + id : number));
            waiting.remove(id);
        }

        @OnTimerFamily("never")
        public void never(@TimerId String id, OutputReceiver<String> out) {
            out.output("never " + id);
        }

        @OnTimerFamily("later")
        public void later(@TimerId String id, OutputReceiver<String> out) {
            World.current().userStep("a timer of the clock");
            out.output("later " + id);
        }

        @OnTimer("end")
        public void end(
                @Key @Nullable String key,
                @StateId("count") ValueState<Long> count,
                @StateId("numbers") BagState<Long> numbers,
                @StateId("waiting") MapState<String, Long> waiting,
                OutputReceiver<String> out) {
            long sum = 0;
            long most = 0;
            for (long each : numbers.read()) {
                sum += each;
                most = Math.max(most, each);
            }
            Long counted = count.read();
            out.output(total(key, counted == null ? 0 : counted, sum, most));
            for (String id : waiting.keys().read()) {
                out.output("still waiting: " + id);
            }
        }
    }

    static final class GroupedFn extends DoFn<KV<@Nullable String, Iterable<Long>>, String> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(
                @Element KV<@Nullable String, Iterable<Long>> group, PaneInfo pane, OutputReceiver<String> out) {
            World.current().userStep("a group");
            if (pane.getTiming() == PaneInfo.Timing.LATE) {
                out.output("a late pane of " + group.getKey());
            }
            group.getValue().forEach(number -> out.output("grouped " + number));
        }
    }

    /** Hears of what has been committed. */
    static final class ReportFn extends DoFn<String, Void> {
        private static final long serialVersionUID = 1L;

        @RequiresStableInput
        @ProcessElement
        public void process(@Element String text) {
            World.current().reports(text);
        }
    }
}
