package dev.tidemark.runner.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.metrics.Metrics;
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

/**
 * A job with one of everything that has to survive: a source's marks, restrictions under way, elements that wait for a side input or for a
 * checkpoint, state, timers in both domains, panes. What it comes to is known beforehand: each number that it counts is told once.
 *
 * @param copies how many numbers a splittable DoFn makes of a record; 0 without one
 * @param reshuffles whether records are shuffled
 * @param waits whether records wait for a side input
 * @param windows what is grouped into
 * @param most how many elements a pane has at least
 */
record SimulatedJob(int copies, boolean reshuffles, boolean waits, Windows windows, int most) {
    enum Windows {
        FIXED,
        SLIDING,
        SESSIONS
    }

    /** The namespace of the counters that say what the job has come to. */
    static final String TOLD = "told";

    private static final KvCoder<String, Long> CODER = KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());
    private static final long SIZE = 40;
    private static final long DUE = 25;
    private static final long SIDE = 7;

    static SimulatedJob draw(Random random) {
        return new SimulatedJob(
                random.nextBoolean() ? 0 : 1 + random.nextInt(3),
                random.nextBoolean(),
                random.nextBoolean(),
                Windows.values()[random.nextInt(Windows.values().length)],
                1 + random.nextInt(3));
    }

    // ---------------------------------------------------------------- what it comes to

    /** What is told, and how often. */
    SortedMap<String, Long> expected(List<Feed.Items> splits) {
        SortedMap<String, Long> expected = new TreeMap<>();
        Map<String, long[]> totals = new HashMap<>();
        for (Feed.Item item : all(splits)) {
            for (int copy = 0; copy < Math.max(1, copies); copy++) {
                long id = item.id() * 10 + copy;
                expected.put("due " + id, 1L);
                expected.put("later " + id, 1L);
                expected.put("grouped " + id, windows == Windows.SLIDING ? 2L : 1L);
                long[] total = totals.computeIfAbsent(item.key(), key -> new long[3]);
                total[0]++;
                total[1] += id;
                total[2] = Math.max(total[2], id);
            }
        }
        totals.forEach((key, total) -> expected.put(total(key, total[0], total[1], total[2]), 1L));
        return expected;
    }

    /** What must have been written down. */
    List<String> expectedWritten(List<Feed.Items> splits) {
        return numbers(splits, "");
    }

    /** What must have been reported for good before there can be an end. */
    List<String> expectedReports(List<Feed.Items> splits) {
        return numbers(splits, "later ");
    }

    private List<String> numbers(List<Feed.Items> splits, String prefix) {
        List<String> numbers = new ArrayList<>();
        for (Feed.Item item : all(splits)) {
            for (int copy = 0; copy < Math.max(1, copies); copy++) {
                numbers.add(prefix + (item.id() * 10 + copy));
            }
        }
        return numbers;
    }

    private static List<Feed.Item> all(List<Feed.Items> splits) {
        return splits.stream().flatMap(each -> each.items().stream()).toList();
    }

    private static String total(String key, long count, long sum, long most) {
        return "total of " + key + ": " + count + " " + sum + " " + most;
    }

    // ---------------------------------------------------------------- how it is made

    Pipeline pipeline(PipelineOptions options) {
        Pipeline pipeline = Pipeline.create(options);
        PCollection<KV<String, Long>> numbers = pipeline.apply("feed", Read.from(Feed.whole()));
        numbers = copies == 0
                ? numbers.apply("number", ParDo.of(new NumberFn()))
                : numbers.apply("copy", ParDo.of(new CopyFn(copies)));
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
        remembered.apply("tell", ParDo.of(new TellFn()));
        remembered.apply("report", ParDo.of(new ReportFn()));
        numbers.apply("window", window())
                .apply("group", GroupByKey.create())
                .apply("grouped", ParDo.of(new GroupedFn()))
                .apply("tell of groups", ParDo.of(new TellFn()));
        return pipeline;
    }

    private Window<KV<String, Long>> window() {
        Duration size = Duration.millis(SIZE);
        Window<KV<String, Long>> window = switch (windows) {
            case FIXED -> Window.into(FixedWindows.of(size));
            case SLIDING -> Window.into(SlidingWindows.of(size).every(size.dividedBy(2)));
            case SESSIONS -> Window.into(Sessions.withGapDuration(size.dividedBy(4)));
        };
        return window.triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(most)))
                .discardingFiredPanes()
                // No record is late, before a crash or after it; what is counted late would be missed.
                .withAllowedLateness(Duration.ZERO);
    }

    static final class NumberFn extends DoFn<KV<String, Long>, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Long> record, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of(record.getKey(), record.getValue() * 10));
        }
    }

    /** Each copy in a bundle of its own: what is left is kept. */
    @DoFn.BoundedPerElement
    static final class CopyFn extends DoFn<KV<String, Long>, KV<String, Long>> {
        private static final long serialVersionUID = 1L;
        private final int copies;

        CopyFn(int copies) {
            this.copies = copies;
        }

        @GetInitialRestriction
        public OffsetRange restriction() {
            return new OffsetRange(0, copies);
        }

        @ProcessElement
        public ProcessContinuation process(
                @Element KV<String, Long> record,
                RestrictionTracker<OffsetRange, Long> tracker,
                OutputReceiver<KV<String, Long>> out) {
            long copy = tracker.currentRestriction().getFrom();
            if (!tracker.tryClaim(copy)) {
                return ProcessContinuation.stop();
            }
            out.output(KV.of(record.getKey(), record.getValue() * 10 + copy));
            return ProcessContinuation.resume().withResumeDelay(Duration.millis(3));
        }
    }

    static final class WaitFn extends DoFn<KV<String, Long>, KV<String, Long>> {
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
    static final class NonceFn extends DoFn<KV<String, Long>, KV<String, String>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Long> number, OutputReceiver<KV<String, String>> out) {
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
    static final class RememberFn extends DoFn<KV<String, Long>, String> {
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
                @Element KV<String, Long> number,
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
                @Key String key,
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

    static final class GroupedFn extends DoFn<KV<String, Iterable<Long>>, String> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Iterable<Long>> group, PaneInfo pane, OutputReceiver<String> out) {
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

    static final class TellFn extends DoFn<String, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element String text) {
            Metrics.counter(TOLD, text).inc();
        }
    }
}
