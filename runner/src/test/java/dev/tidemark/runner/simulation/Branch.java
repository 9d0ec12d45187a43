package dev.tidemark.runner.simulation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that a simulated job may do with its numbers beside the rest; what it comes to is known beforehand. */
enum Branch {
    /** Each number meets the sum of all numbers of its window: it waits for it, and windows of side inputs come and go. */
    MEET {
        @Override
        void apply(PCollection<KV<@Nullable String, Long>> numbers) {
            PCollection<KV<@Nullable String, Long>> windowed = numbers.apply("window to meet", windows());
            PCollectionView<Long> sums = windowed.apply("values to meet", Values.create())
                    .setCoder(VarLongCoder.of())
                    .apply("sum to meet", Sum.longsGlobally().asSingletonView());
            windowed.apply("meet", ParDo.of(new MeetFn(sums)).withSideInputs(sums))
                    .apply("tell of meetings", ParDo.of(new TellFn()));
        }

        @Override
        void expect(List<Told> numbers, Map<String, Long> expected) {
            Map<Long, Long> sums = new TreeMap<>();
            numbers.forEach(each -> sums.merge(window(each.time()), each.number(), Long::sum));
            numbers.forEach(each -> expected.put(met(each.number(), sums.get(window(each.time()))), 1L));
        }
    },

    /** State of windows that end: told by a timer that holds the watermark where its first number was, and when a window expires. */
    PER_WINDOW {
        @Override
        void apply(PCollection<KV<@Nullable String, Long>> numbers) {
            numbers.apply("window to count", windows())
                    .apply("count", ParDo.of(new CountFn()))
                    .setCoder(KvCoder.of(NullableCoder.of(StringUtf8Coder.of()), StringUtf8Coder.of()))
                    // Which drops what comes late: nothing, as long as the watermark is held.
                    .apply("group counts", GroupByKey.create())
                    .apply("counts", ParDo.of(new CountsFn()))
                    .apply("tell of counts", ParDo.of(new TellFn()));
        }

        @Override
        void expect(List<Told> numbers, Map<String, Long> expected) {
            Map<String, Map<Long, long[]>> counts = new TreeMap<>();
            for (Told each : numbers) {
                long[] count = counts.computeIfAbsent(each.key(), key -> new TreeMap<>())
                        .computeIfAbsent(window(each.time()), window -> new long[2]);
                count[0]++;
                count[1] += each.number();
            }
            counts.forEach((key, windows) -> windows.forEach((window, count) -> {
                expected.put(counted(key, window, sum(count[1])), 1L);
                expected.put(counted(key, window, different(count[0])), 1L);
            }));
        }
    },

    /** The numbers of a key in the order of their times. */
    IN_ORDER {
        @Override
        void apply(PCollection<KV<@Nullable String, Long>> numbers) {
            numbers.apply("put in order", ParDo.of(new InOrderFn())).apply("tell of the order", ParDo.of(new TellFn()));
        }

        @Override
        void expect(List<Told> numbers, Map<String, Long> expected) {
            Map<String, Long> places = new TreeMap<>();
            numbers.stream().sorted(Comparator.comparingLong(Told::time)).forEach(each -> {
                // Of those that have the same time any may come first.
                long place = places.merge(each.key(), 1L, Long::sum);
                expected.put(placed(each.key(), place, each.time()), 1L);
            });
        }
    };

    /**
     * A number as a job tells it.
     *
     * @param key as text
     */
    record Told(String key, long number, long time) {}

    /** Adds what it does to the pipeline of the numbers. */
    abstract void apply(PCollection<KV<@Nullable String, Long>> numbers);

    /** Adds what is told of the numbers, and how often. */
    abstract void expect(List<Told> numbers, Map<String, Long> expected);

    private static Window<KV<@Nullable String, Long>> windows() {
        return Window.into(FixedWindows.of(Duration.millis(SimulatedJob.SIZE)));
    }

    private static long window(long time) {
        return time / SimulatedJob.SIZE * SimulatedJob.SIZE;
    }

    private static String met(long number, long sum) {
        return number + " met " + sum;
    }

    private static String counted(@Nullable String key, long window, String what) {
        return "in the window at " + window + ", for " + key + ": " + what;
    }

    private static String sum(long sum) {
        return "the sum is " + sum;
    }

    private static String different(long count) {
        return count + " different ones";
    }

    private static String placed(@Nullable String key, long place, long time) {
        return "number " + place + " of " + key + " is from " + time;
    }

    static final class MeetFn extends DoFn<KV<@Nullable String, Long>, String> {
        private static final long serialVersionUID = 1L;
        private final PCollectionView<Long> sums;

        MeetFn(PCollectionView<Long> sums) {
            this.sums = sums;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            World.current().userStep("a meeting");
            context.output(met(context.element().getValue(), context.sideInput(sums)));
        }
    }

    static final class CountFn extends DoFn<KV<@Nullable String, Long>, KV<@Nullable String, String>> {
        private static final long serialVersionUID = 1L;

        @StateId("sum")
        private final StateSpec<CombiningState<Long, long[], Long>> sumSpec = StateSpecs.combining(Sum.ofLongs());

        @StateId("numbers")
        private final StateSpec<SetState<Long>> numbersSpec = StateSpecs.set(VarLongCoder.of());

        @StateId("begun")
        private final StateSpec<ValueState<Boolean>> begunSpec = StateSpecs.value();

        @TimerId("end")
        private final TimerSpec endSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<@Nullable String, Long> number,
                @Timestamp Instant time,
                BoundedWindow window,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("numbers") SetState<Long> numbers,
                @StateId("begun") ValueState<Boolean> begun,
                @TimerId("end") Timer end) {
            World.current().userStep("an element with state of a window");
            sum.add(number.getValue());
            numbers.add(number.getValue());
            if (begun.read() == null) {
                begun.write(true);
                end.withOutputTimestamp(time).set(window.maxTimestamp());
            }
        }

        @OnTimer("end")
        public void end(
                @Key @Nullable String key,
                IntervalWindow window,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                OutputReceiver<KV<@Nullable String, String>> out) {
            World.current().userStep("the end of a window");
            out.output(KV.of(key, counted(key, window.start().getMillis(), sum(sum.read()))));
        }

        @OnWindowExpiration
        public void expire(
                @Key @Nullable String key,
                IntervalWindow window,
                @StateId("numbers") SetState<Long> numbers,
                OutputReceiver<KV<@Nullable String, String>> out) {
            World.current().userStep("the expiry of a window");
            long count = 0;
            for (long each : numbers.read()) {
                count += each >= 0 ? 1 : 0;
            }
            out.output(KV.of(key, counted(key, window.start().getMillis(), different(count))));
        }
    }

    static final class CountsFn extends DoFn<KV<@Nullable String, Iterable<String>>, String> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<@Nullable String, Iterable<String>> counts, OutputReceiver<String> out) {
            counts.getValue().forEach(out::output);
        }
    }

    static final class InOrderFn extends DoFn<KV<@Nullable String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @StateId("place")
        private final StateSpec<ValueState<Long>> placeSpec = StateSpecs.value(VarLongCoder.of());

        @RequiresTimeSortedInput
        @ProcessElement
        public void process(
                @Element KV<@Nullable String, Long> number,
                @Timestamp Instant time,
                @StateId("place") ValueState<Long> state,
                OutputReceiver<String> out) {
            World.current().userStep("an element in order");
            Long before = state.read();
            long place = before == null ? 1 : before + 1;
            state.write(place);
            out.output(placed(number.getKey(), place, time.getMillis()));
        }
    }

    /** Counts each text. */
    static final class TellFn extends DoFn<String, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element String text) {
            Metrics.counter(SimulatedJob.TOLD, text).inc();
        }
    }
}
