package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Case.Act;
import dev.tidemark.runner.random.Case.Add;
import dev.tidemark.runner.random.Case.Alarm;
import dev.tidemark.runner.random.Case.Arm;
import dev.tidemark.runner.random.Case.ArmRelative;
import dev.tidemark.runner.random.Case.Cell;
import dev.tidemark.runner.random.Case.Disarm;
import dev.tidemark.runner.random.Case.Emit;
import dev.tidemark.runner.random.Case.Forget;
import dev.tidemark.runner.random.Case.Stateful;
import dev.tidemark.runner.random.Case.Tell;
import dev.tidemark.runner.random.Case.When;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.MapState;
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
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** DoFns that perform the acts of a {@link Stateful} node on Beam's state and timers. */
final class StateFns {
    private StateFns() {}

    static DoFn<KV<String, Long>, KV<String, Long>> of(Stateful stateful, long lateness) {
        if (stateful.stateOnly()) {
            return stateful.onExpiry().isEmpty() ? new WithState(stateful) : new WithStateAndExpiry(stateful);
        }
        return stateful.onExpiry().isEmpty()
                ? new WithTimers(stateful, lateness)
                : new WithTimersAndExpiry(stateful, lateness);
    }

    private record Cells(
            ValueState<Long> value,
            BagState<Long> bag,
            CombiningState<Long, long[], Long> sum,
            SetState<Long> set,
            MapState<Long, Long> map) {

        void add(Cell cell, long number) {
            switch (cell) {
                case VALUE -> {
                    Long before = value.read();
                    value.write((before == null ? 0 : before) + number);
                }
                case BAG -> bag.add(number);
                case SUM -> sum.add(number);
                case SET -> set.add(number);
                case MAP -> {
                    long key = Math.floorMod(number, 3L);
                    Long before = map.get(key).read();
                    map.put(key, (before == null ? 0 : before) + 1);
                }
            }
        }

        long told(Cell cell) {
            return switch (cell) {
                case VALUE -> {
                    Long now = value.read();
                    yield now == null ? 0 : now;
                }
                case BAG -> total(bag.read());
                case SUM -> sum.read();
                case SET -> total(set.read());
                case MAP -> {
                    long total = 0;
                    for (Map.Entry<Long, Long> entry : map.entries().read()) {
                        total += (entry.getKey() * 50 + 1) * entry.getValue();
                    }
                    yield total;
                }
            };
        }

        private static long total(Iterable<Long> numbers) {
            long total = 0;
            for (long number : numbers) {
                total += 1000 + number;
            }
            return total;
        }

        void forget(Cell cell) {
            switch (cell) {
                case VALUE -> value.clear();
                case BAG -> bag.clear();
                case SUM -> sum.clear();
                case SET -> set.clear();
                case MAP -> map.clear();
            }
        }
    }

    /** Where an act happens: at an element, or in a callback. */
    private record Moment(
            String key,
            long number,
            Instant time,
            BoundedWindow window,
            long firing,
            boolean inCallback,
            long lateness,
            Cells cells,
            Timer first,
            Timer second,
            Timer wall,
            DoFn.OutputReceiver<KV<String, Long>> out) {

        void perform(Iterable<Act> acts) {
            acts.forEach(this::perform);
        }

        private void perform(Act act) {
            if (act instanceof Emit) {
                out.output(KV.of(key, inCallback ? -1 : number));
            } else if (act instanceof Tell tell) {
                out.output(KV.of(key, cells.told(tell.cell())));
            } else if (act instanceof Add add) {
                cells.add(add.cell(), number);
            } else if (act instanceof Forget forget) {
                cells.forget(forget.cell());
            } else if (act instanceof Disarm disarm) {
                timer(disarm.alarm()).clear();
            } else if (act instanceof When when) {
                if (Math.floorMod(number, when.divisor()) == 0) {
                    perform(when.act());
                }
            } else if (act instanceof Arm arm) {
                arm(arm);
            } else if (act instanceof ArmRelative arm) {
                timer(arm.alarm()).offset(Duration.millis(arm.offset())).setRelative();
            } else {
                throw new IllegalStateException("unknown act " + act);
            }
        }

        private void arm(Arm arm) {
            long last = window.maxTimestamp().getMillis();
            long expiry = Math.min(
                    last + lateness, GlobalWindow.INSTANCE.maxTimestamp().getMillis());
            long wanted = (arm.fromEnd() ? last : time.getMillis()) + arm.offset();
            boolean ends = wanted > firing && wanted >= Case.FIRST_LOOP && wanted <= Math.min(last, Case.LAST_LOOP);
            if (inCallback && !ends) {
                return;
            }
            Timer timer = timer(arm.alarm());
            if (arm.held()) {
                timer = timer.withOutputTimestamp(time);
            }
            timer.set(Instant.ofEpochMilli(Math.min(wanted, expiry)));
        }

        private Timer timer(Alarm alarm) {
            return switch (alarm) {
                case FIRST -> first;
                case SECOND -> second;
                case WALL -> wall;
            };
        }
    }

    private static void callback(
            long lateness,
            DoFn<KV<String, Long>, KV<String, Long>>.OnTimerContext context,
            long firing,
            String key,
            Cells cells,
            Timer first,
            Timer second,
            Timer wall,
            DoFn.OutputReceiver<KV<String, Long>> out,
            List<Act> acts) {
        new Moment(
                        key,
                        1,
                        context.timestamp(),
                        context.window(),
                        firing,
                        true,
                        lateness,
                        cells,
                        first,
                        second,
                        wall,
                        out)
                .perform(acts);
    }

    static final class WithState extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final Stateful stateful;

        @StateId("value")
        private final StateSpec<ValueState<Long>> value = StateSpecs.value(VarLongCoder.of());

        @StateId("bag")
        private final StateSpec<BagState<Long>> bag = StateSpecs.bag(VarLongCoder.of());

        @StateId("sum")
        private final StateSpec<CombiningState<Long, long[], Long>> sum = StateSpecs.combining(Sum.ofLongs());

        @StateId("set")
        private final StateSpec<SetState<Long>> set = StateSpecs.set(VarLongCoder.of());

        @StateId("map")
        private final StateSpec<MapState<Long, Long>> map = StateSpecs.map(VarLongCoder.of(), VarLongCoder.of());

        WithState(Stateful stateful) {
            this.stateful = stateful;
        }

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @Timestamp Instant time,
                BoundedWindow window,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                OutputReceiver<KV<String, Long>> out) {
            new Moment(
                            element.getKey(),
                            element.getValue(),
                            time,
                            window,
                            Long.MIN_VALUE,
                            false,
                            0,
                            new Cells(value, bag, sum, set, map),
                            null,
                            null,
                            null,
                            out)
                    .perform(stateful.onElement());
        }
    }

    static final class WithStateAndExpiry extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final Stateful stateful;

        @StateId("value")
        private final StateSpec<ValueState<Long>> value = StateSpecs.value(VarLongCoder.of());

        @StateId("bag")
        private final StateSpec<BagState<Long>> bag = StateSpecs.bag(VarLongCoder.of());

        @StateId("sum")
        private final StateSpec<CombiningState<Long, long[], Long>> sum = StateSpecs.combining(Sum.ofLongs());

        @StateId("set")
        private final StateSpec<SetState<Long>> set = StateSpecs.set(VarLongCoder.of());

        @StateId("map")
        private final StateSpec<MapState<Long, Long>> map = StateSpecs.map(VarLongCoder.of(), VarLongCoder.of());

        WithStateAndExpiry(Stateful stateful) {
            this.stateful = stateful;
        }

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @Timestamp Instant time,
                BoundedWindow window,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                OutputReceiver<KV<String, Long>> out) {
            new Moment(
                            element.getKey(),
                            element.getValue(),
                            time,
                            window,
                            Long.MIN_VALUE,
                            false,
                            0,
                            new Cells(value, bag, sum, set, map),
                            null,
                            null,
                            null,
                            out)
                    .perform(stateful.onElement());
        }

        @OnWindowExpiration
        public void expired(
                @Key String key,
                @Timestamp Instant time,
                BoundedWindow window,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                OutputReceiver<KV<String, Long>> out) {
            new Moment(
                            key,
                            1,
                            time,
                            window,
                            Long.MIN_VALUE,
                            true,
                            0,
                            new Cells(value, bag, sum, set, map),
                            null,
                            null,
                            null,
                            out)
                    .perform(stateful.onExpiry());
        }
    }

    static final class WithTimers extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final Stateful stateful;
        private final long lateness;

        @StateId("value")
        private final StateSpec<ValueState<Long>> value = StateSpecs.value(VarLongCoder.of());

        @StateId("bag")
        private final StateSpec<BagState<Long>> bag = StateSpecs.bag(VarLongCoder.of());

        @StateId("sum")
        private final StateSpec<CombiningState<Long, long[], Long>> sum = StateSpecs.combining(Sum.ofLongs());

        @StateId("set")
        private final StateSpec<SetState<Long>> set = StateSpecs.set(VarLongCoder.of());

        @StateId("map")
        private final StateSpec<MapState<Long, Long>> map = StateSpecs.map(VarLongCoder.of(), VarLongCoder.of());

        @TimerId("first")
        private final TimerSpec first = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @TimerId("second")
        private final TimerSpec second = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @TimerId("wall")
        private final TimerSpec wall = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

        WithTimers(Stateful stateful, long lateness) {
            this.stateful = stateful;
            this.lateness = lateness;
        }

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @Timestamp Instant time,
                BoundedWindow window,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            new Moment(
                            element.getKey(),
                            element.getValue(),
                            time,
                            window,
                            Long.MIN_VALUE,
                            false,
                            lateness,
                            new Cells(value, bag, sum, set, map),
                            first,
                            second,
                            wall,
                            out)
                    .perform(stateful.onElement());
        }

        @OnTimer("first")
        public void first(
                OnTimerContext context,
                @Key String key,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            callback(
                    lateness,
                    context,
                    context.fireTimestamp().getMillis(),
                    key,
                    new Cells(value, bag, sum, set, map),
                    first,
                    second,
                    wall,
                    out,
                    stateful.onFirst());
        }

        @OnTimer("second")
        public void second(
                OnTimerContext context,
                @Key String key,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            callback(
                    lateness,
                    context,
                    context.fireTimestamp().getMillis(),
                    key,
                    new Cells(value, bag, sum, set, map),
                    first,
                    second,
                    wall,
                    out,
                    stateful.onSecond());
        }

        @OnTimer("wall")
        public void wall(
                OnTimerContext context,
                @Key String key,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            callback(
                    lateness,
                    context,
                    Long.MIN_VALUE,
                    key,
                    new Cells(value, bag, sum, set, map),
                    first,
                    second,
                    wall,
                    out,
                    stateful.onWall());
        }
    }

    static final class WithTimersAndExpiry extends DoFn<KV<String, Long>, KV<String, Long>> {
        private final Stateful stateful;
        private final long lateness;

        @StateId("value")
        private final StateSpec<ValueState<Long>> value = StateSpecs.value(VarLongCoder.of());

        @StateId("bag")
        private final StateSpec<BagState<Long>> bag = StateSpecs.bag(VarLongCoder.of());

        @StateId("sum")
        private final StateSpec<CombiningState<Long, long[], Long>> sum = StateSpecs.combining(Sum.ofLongs());

        @StateId("set")
        private final StateSpec<SetState<Long>> set = StateSpecs.set(VarLongCoder.of());

        @StateId("map")
        private final StateSpec<MapState<Long, Long>> map = StateSpecs.map(VarLongCoder.of(), VarLongCoder.of());

        @TimerId("first")
        private final TimerSpec first = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @TimerId("second")
        private final TimerSpec second = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @TimerId("wall")
        private final TimerSpec wall = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

        WithTimersAndExpiry(Stateful stateful, long lateness) {
            this.stateful = stateful;
            this.lateness = lateness;
        }

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @Timestamp Instant time,
                BoundedWindow window,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            new Moment(
                            element.getKey(),
                            element.getValue(),
                            time,
                            window,
                            Long.MIN_VALUE,
                            false,
                            lateness,
                            new Cells(value, bag, sum, set, map),
                            first,
                            second,
                            wall,
                            out)
                    .perform(stateful.onElement());
        }

        @OnTimer("first")
        public void first(
                OnTimerContext context,
                @Key String key,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            callback(
                    lateness,
                    context,
                    context.fireTimestamp().getMillis(),
                    key,
                    new Cells(value, bag, sum, set, map),
                    first,
                    second,
                    wall,
                    out,
                    stateful.onFirst());
        }

        @OnTimer("second")
        public void second(
                OnTimerContext context,
                @Key String key,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            callback(
                    lateness,
                    context,
                    context.fireTimestamp().getMillis(),
                    key,
                    new Cells(value, bag, sum, set, map),
                    first,
                    second,
                    wall,
                    out,
                    stateful.onSecond());
        }

        @OnTimer("wall")
        public void wall(
                OnTimerContext context,
                @Key String key,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                @TimerId("first") Timer first,
                @TimerId("second") Timer second,
                @TimerId("wall") Timer wall,
                OutputReceiver<KV<String, Long>> out) {
            callback(
                    lateness,
                    context,
                    Long.MIN_VALUE,
                    key,
                    new Cells(value, bag, sum, set, map),
                    first,
                    second,
                    wall,
                    out,
                    stateful.onWall());
        }

        @OnWindowExpiration
        public void expired(
                @Key String key,
                @Timestamp Instant time,
                BoundedWindow window,
                @StateId("value") ValueState<Long> value,
                @StateId("bag") BagState<Long> bag,
                @StateId("sum") CombiningState<Long, long[], Long> sum,
                @StateId("set") SetState<Long> set,
                @StateId("map") MapState<Long, Long> map,
                OutputReceiver<KV<String, Long>> out) {
            new Moment(
                            key,
                            1,
                            time,
                            window,
                            Long.MIN_VALUE,
                            true,
                            0,
                            new Cells(value, bag, sum, set, map),
                            null,
                            null,
                            null,
                            out)
                    .perform(stateful.onExpiry());
        }
    }
}
