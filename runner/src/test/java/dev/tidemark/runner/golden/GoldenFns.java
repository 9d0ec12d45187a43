package dev.tidemark.runner.golden;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The DoFns of the golden job. */
final class GoldenFns {
    private GoldenFns() {}

    private static void say(String line) {
        GoldenJob.LINES.add(line);
    }

    static final class ToKey extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of(GoldenJob.key(n), n));
        }
    }

    /** Something in every kind of state, and a timer in each time. */
    static final class Remember extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        private final Counter numbers = Metrics.counter("golden", "numbers");

        @StateId("count")
        private final StateSpec<ValueState<Long>> countSpec = StateSpecs.value(VarLongCoder.of());

        @StateId("key")
        private final StateSpec<ValueState<String>> keySpec = StateSpecs.value(StringUtf8Coder.of());

        @StateId("sum")
        private final StateSpec<CombiningState<Long, long[], Long>> sumSpec = StateSpecs.combining(Sum.ofLongs());

        @StateId("bag")
        private final StateSpec<BagState<Long>> bagSpec = StateSpecs.bag(VarLongCoder.of());

        @StateId("set")
        private final StateSpec<SetState<Long>> setSpec = StateSpecs.set(VarLongCoder.of());

        @StateId("map")
        private final StateSpec<MapState<String, Long>> mapSpec =
                StateSpecs.map(StringUtf8Coder.of(), VarLongCoder.of());

        @StateId("ordered")
        private final StateSpec<OrderedListState<Long>> orderedSpec = StateSpecs.orderedList(VarLongCoder.of());

        @TimerId("later")
        private final TimerSpec laterSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @TimerId("clock")
        private final TimerSpec clockSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("count") ValueState<Long> count,
                @StateId("key") ValueState<String> key,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("bag") BagState<Long> bag,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<String, Long> map,
                @StateId("ordered") OrderedListState<Long> ordered,
                @TimerId("later") Timer later,
                @TimerId("clock") Timer clock) {
            numbers.inc();
            long n = element.getValue();
            Long before = count.read();
            if (before == null) {
                key.write(element.getKey());
                later.set(Instant.ofEpochMilli(GoldenJob.TIMER));
                // Not due before the checkpoint is made, and due long ago when it is restored.
                clock.offset(Duration.standardMinutes(1)).setRelative();
            }
            count.write(before == null ? 1 : before + 1);
            sum.add(n);
            set.add(n % 7);
            String rest = "rest " + n % 3;
            map.put(rest, orZero(map.get(rest)) + 1);
            if (n % 25 == 0) {
                bag.add(n);
            }
            if (n % 100 < GoldenJob.KEYS) {
                ordered.add(TimestampedValue.of(n, Instant.ofEpochMilli(n)));
            }
        }

        private static long orZero(ReadableState<Long> state) {
            Long value = state.read();
            return value == null ? 0 : value;
        }

        @OnTimer("later")
        public void later(@Key String key, @Timestamp Instant time) {
            say("timer " + key + " at " + time.getMillis());
        }

        @OnTimer("clock")
        public void clock(@Key String key) {
            say(GoldenJob.clock(key));
        }

        @OnWindowExpiration
        public void end(
                @StateId("count") ValueState<Long> count,
                @StateId("key") ValueState<String> key,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("bag") BagState<Long> bag,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<String, Long> map,
                @StateId("ordered") OrderedListState<Long> ordered) {
            Map<String, Long> entries = new TreeMap<>();
            map.entries().read().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
            List<Long> inOrder = new ArrayList<>();
            ordered.read().forEach(each -> inOrder.add(each.getValue()));
            say(line(key.read(), count.read(), sum.read(), sorted(bag.read()), sorted(set.read()), entries, inOrder));
        }

        private static Collection<Long> sorted(Iterable<Long> values) {
            Collection<Long> sorted = new TreeSet<>();
            values.forEach(sorted::add);
            return sorted;
        }

        static String line(
                @Nullable String key,
                @Nullable Long count,
                @Nullable Long sum,
                Collection<Long> bag,
                Collection<Long> set,
                Map<String, Long> map,
                List<Long> ordered) {
            return "remembered of " + key + ": " + count + ", " + sum + ", bag " + bag + ", set " + set + ", map " + map
                    + ", ordered " + ordered;
        }
    }

    /** Tells of some numbers which one of the same key came before. */
    static final class Sorted extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @StateId("last")
        private final StateSpec<ValueState<Long>> lastSpec = StateSpecs.value(VarLongCoder.of());

        @RequiresTimeSortedInput
        @ProcessElement
        public void process(@Element KV<String, Long> element, @StateId("last") ValueState<Long> last) {
            long n = element.getValue();
            if (n % 10 == 5) {
                Long before = last.read();
                say("sorted " + n + " after " + (before == null ? "none" : String.valueOf(before)));
            }
            last.write(n);
        }
    }

    /** A DoFn of the same name, whose state has another one. */
    static final class Renamed {
        static final class Sorted extends DoFn<KV<String, Long>, Void> {
            private static final long serialVersionUID = 1L;

            @StateId("previous")
            private final StateSpec<ValueState<Long>> previousSpec = StateSpecs.value(VarLongCoder.of());

            @RequiresTimeSortedInput
            @ProcessElement
            public void process(@Element KV<String, Long> element, @StateId("previous") ValueState<Long> previous) {
                previous.write(element.getValue());
                say("renamed");
            }
        }
    }

    /** A DoFn of the same name, whose state is of another kind. */
    static final class OtherKind {
        static final class Sorted extends DoFn<KV<String, Long>, Void> {
            private static final long serialVersionUID = 1L;

            @StateId("last")
            private final StateSpec<BagState<Long>> lastSpec = StateSpecs.bag(VarLongCoder.of());

            @RequiresTimeSortedInput
            @ProcessElement
            public void process(@Element KV<String, Long> element, @StateId("last") BagState<Long> last) {
                last.add(element.getValue());
                say("of another kind");
            }
        }
    }

    static final class Stable extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @RequiresStableInput
        @ProcessElement
        public void process(@Element KV<String, Long> element) {
            say("stable " + element.getValue());
        }
    }

    static final class Active extends DoFn<KV<String, Long>, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Long> element, OutputReceiver<KV<String, Long>> out) {
            if (GoldenJob.isActive(element.getValue())) {
                out.output(element);
            }
        }
    }

    static final class TellSession extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Long> count, BoundedWindow window) {
            IntervalWindow session = (IntervalWindow) window;
            say("session " + count.getKey() + " " + session.start().getMillis() + " to "
                    + session.end().getMillis() + ": " + count.getValue());
        }
    }

    /** How many early panes there are depends on bundles; the one on time has all. */
    static final class TellGroup extends DoFn<KV<String, Iterable<Long>>, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Iterable<Long>> group, BoundedWindow window, PaneInfo pane) {
            if (pane.getTiming() == PaneInfo.Timing.ON_TIME) {
                long count = 0;
                long sum = 0;
                for (long n : group.getValue()) {
                    count++;
                    sum += n;
                }
                say("group " + group.getKey() + " from "
                        + ((IntervalWindow) window).start().getMillis() + ": " + count + ", " + sum);
            }
        }
    }

    static final class Share extends DoFn<Long, Void> {
        private static final long serialVersionUID = 1L;

        private final PCollectionView<Long> sums;
        private final PCollectionView<Map<String, Long>> names;

        Share(PCollectionView<Long> sums, PCollectionView<Map<String, Long>> names) {
            this.sums = sums;
            this.names = names;
        }

        @ProcessElement
        public void process(ProcessContext c) {
            long n = c.element();
            if (n % GoldenJob.NUMBERS_PER_POSITION == 0) {
                say("share of " + n + ": " + c.sideInput(sums) + " "
                        + (c.sideInput(names).containsValue(n) ? "named" : "-"));
            }
        }
    }

    /** Goes as far as the numbers may. */
    @DoFn.BoundedPerElement
    static final class Positions extends DoFn<String, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @GetInitialRestriction
        public OffsetRange all() {
            return new OffsetRange(0, GoldenJob.TOTAL / GoldenJob.NUMBERS_PER_POSITION);
        }

        @ProcessElement
        public ProcessContinuation process(
                @Element String range,
                RestrictionTracker<OffsetRange, Long> tracker,
                OutputReceiver<KV<String, Long>> out) {
            for (long at = tracker.currentRestriction().getFrom(); ; at++) {
                if (at >= GoldenJob.limit / GoldenJob.NUMBERS_PER_POSITION
                        && at < tracker.currentRestriction().getTo()) {
                    return ProcessContinuation.resume().withResumeDelay(Duration.millis(20));
                }
                if (!tracker.tryClaim(at)) {
                    return ProcessContinuation.stop();
                }
                GoldenJob.POSITIONS.incrementAndGet();
                out.output(KV.of(range, at));
            }
        }
    }

    static final class TellRange extends DoFn<KV<String, Iterable<Long>>, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Iterable<Long>> range) {
            long count = 0;
            long sum = 0;
            for (long at : range.getValue()) {
                count++;
                sum += at;
            }
            say("range " + range.getKey() + ": " + count + ", " + sum);
        }
    }
}
