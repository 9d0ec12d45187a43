package dev.tidemark.testing;

import dev.tidemark.runtime.Kept;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.reflect.DoFnInvoker;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Runs a group step by step: the generated DoFn itself, in the global window, under a watermark and a clock that the test
 * moves. All state goes through the coders of the group. Times are ISO-8601, or a time of day such as {@code 10:00:03}, of
 * the first of January 1970. Not thread-safe.
 *
 * @param <I> the input of the group
 * @param <K> its key
 * @param <S> its state
 * @param <O> its output
 * @param <T> the generated tester
 */
public abstract class GroupTester<I, K, S, O, T extends GroupTester<I, K, S, O, T>> {
    private static final int ORDERS = 25;

    private final DoFn<Object, Object> keying;
    private final Coder<I> inputCoder;
    private DoFn<Object, Object> fn;
    private DoFnInvoker<Object, Object> invoker;
    private World world = new World();
    private final List<World> past = new ArrayList<>();

    /** One thing that came out, and its time. */
    private record Emitted(Object value, org.joda.time.Instant time) {}

    /** One event that came in, and its time. */
    private record Came<I>(I event, org.joda.time.Instant time) {}

    /** Everything that a step can change. */
    private final class World {
        private final Map<K, TestCells> cells = new LinkedHashMap<>();
        private final Map<K, TestTimers> timers = new LinkedHashMap<>();
        private final Map<String, List<Emitted>> emitted = new HashMap<>();
        private final List<String> trace = new ArrayList<>();
        private final List<Came<I>> came = new ArrayList<>();
        private org.joda.time.Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;
        private org.joda.time.Instant clock = org.joda.time.Instant.EPOCH;

        World copy() {
            World copy = new World();
            cells.forEach((key, each) -> copy.cells.put(key, each.copy()));
            timers.forEach((key, each) -> copy.timers.put(key, each.copy()));
            emitted.forEach((tag, each) -> copy.emitted.put(tag, new ArrayList<>(each)));
            copy.trace.addAll(trace);
            copy.came.addAll(came);
            copy.watermark = watermark;
            copy.clock = clock;
            return copy;
        }
    }

    /** Made by the generated tester, of the two steps of the group. */
    @SuppressWarnings("unchecked") // the generated code gives what belongs together
    protected GroupTester(DoFn<I, KV<K, I>> keying, DoFn<?, ?> fn, Coder<I> inputCoder) {
        this.keying = (DoFn<Object, Object>) (DoFn<?, ?>) keying;
        this.inputCoder = inputCoder;
        this.fn = SerializableUtils.clone((DoFn<Object, Object>) fn);
        this.invoker = started(this.fn);
    }

    private static DoFnInvoker<Object, Object> started(DoFn<Object, Object> fn) {
        DoFnInvoker<Object, Object> invoker = DoFnInvokers.invokerFor(fn);
        invoker.invokeSetup(new Arguments(null) {});
        return invoker;
    }

    /** The tester itself. */
    protected abstract T self();

    /** Another tester of the same group, at the beginning. */
    protected abstract T fresh();

    /** What the DoFn of the group is given for an event. */
    protected abstract Object element(K key, I event);

    /** The state of the group that has these cells. */
    protected abstract S state(TestCells cells);

    /** A state as text. */
    protected abstract String text(S state);

    // ------------------------------------------------------------------ steps

    /** An event comes, with the time that is in it. */
    public T event(I event) {
        return come(event, org.joda.time.Instant.EPOCH);
    }

    /** An event comes, with this time. */
    public T eventAt(String time, I event) {
        return come(event, joda(parse(time)));
    }

    private T come(I event, org.joda.time.Instant time) {
        return step("event " + event, () -> {
            world.came.add(new Came<>(event, time));
            Emissions keyed = new Emissions();
            DoFnInvokers.invokerFor(keying).invokeProcessElement(new Arguments(keyed) {
                @Override
                public Object element(DoFn<Object, Object> doFn) {
                    return cloned(event);
                }

                @Override
                public org.joda.time.Instant timestamp(DoFn<Object, Object> doFn) {
                    return time;
                }
            });
            for (Map.Entry<String, List<Emitted>> each : keyed.emitted.entrySet()) {
                for (Emitted emitted : each.getValue()) {
                    if (each.getKey().equals("keyed")) {
                        process(emitted);
                    } else {
                        world.emitted
                                .computeIfAbsent("errors", any -> new ArrayList<>())
                                .add(emitted);
                    }
                }
            }
        });
    }

    private I cloned(I event) {
        try {
            return CoderUtils.clone(inputCoder, event);
        } catch (CoderException e) {
            throw new IllegalArgumentException(event + " cannot be encoded", e);
        }
    }

    @SuppressWarnings("unchecked") // the first step of the group gives a KV of its key and its input
    private void process(Emitted keyed) {
        KV<K, I> element = (KV<K, I>) keyed.value();
        process(element.getKey(), element(element.getKey(), element.getValue()), keyed.time());
    }

    /** A state that is there before the events, with a time; for the generated tester of a group that can have one. */
    protected final T initial(String description, K key, Object element, String time) {
        return step(description, () -> process(key, element, joda(parse(time))));
    }

    private void process(K key, Object element, org.joda.time.Instant time) {
        invoker.invokeProcessElement(new OfKey(key, time) {
            @Override
            public Object element(DoFn<Object, Object> doFn) {
                return element;
            }
        });
        fire();
    }

    /** The watermark moves to this time: events before it are late from now on. */
    public T watermark(String time) {
        return watermark(parse(time));
    }

    /** The watermark moves to this time. It never goes back. */
    public T watermark(Instant time) {
        return watermarkAt(joda(time), "watermark " + show(time));
    }

    /** The input ends: the watermark moves to the end of time. */
    public T end() {
        return watermarkAt(BoundedWindow.TIMESTAMP_MAX_VALUE, "end");
    }

    private T watermarkAt(org.joda.time.Instant time, String description) {
        return step(description, () -> {
            if (time.isBefore(world.watermark)) {
                throw new IllegalArgumentException(
                        "a watermark does not go back: it is at " + show(java(world.watermark)) + " already");
            }
            world.watermark = time;
            fire();
        });
    }

    /** The wall clock moves on. */
    public T clock(Duration by) {
        return step("clock +" + by, () -> {
            world.clock = world.clock.plus(org.joda.time.Duration.millis(by.toMillis()));
            fire();
        });
    }

    /** The process ends and another one goes on from what is stored: nothing else survives. */
    public T crashAndRestore() {
        return step("crash and restore", () -> {
            fn = SerializableUtils.clone(fn);
            invoker = started(fn);
            world = world.copy();
        });
    }

    /** How many steps there were. */
    public int steps() {
        return past.size();
    }

    /** Everything is as it was after the first {@code steps} steps. */
    public T rewindTo(int steps) {
        if (steps < 0 || steps > past.size()) {
            throw new IllegalArgumentException("there were " + past.size() + " steps, and no step " + steps);
        }
        if (steps < past.size()) {
            world = past.get(steps).copy();
            while (past.size() > steps) {
                past.remove(past.size() - 1);
            }
        }
        return self();
    }

    private T step(String description, Runnable step) {
        World before = world;
        world = before.copy();
        past.add(before);
        try {
            step.run();
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "step " + past.size() + ", " + description + ", failed: " + e.getMessage() + trace(), e);
        }
        world.trace.add(past.size() + " " + description + changes(before));
        return self();
    }

    private String changes(World before) {
        StringBuilder changes = new StringBuilder();
        for (K key : world.cells.keySet()) {
            String old = before.cells.containsKey(key) ? describe(before, key) : "no group";
            String now = describe(world, key);
            if (!old.equals(now)) {
                changes.append("\n    ")
                        .append(key)
                        .append(": ")
                        .append(old)
                        .append(" -> ")
                        .append(now);
            }
        }
        world.emitted.forEach((tag, all) -> {
            int count = before.emitted.getOrDefault(tag, List.of()).size();
            for (Emitted each : all.subList(count, all.size())) {
                changes.append("\n    ")
                        .append(tag)
                        .append(": ")
                        .append(each.value())
                        .append(" @ ")
                        .append(show(java(each.time())));
            }
        });
        return changes.toString();
    }

    private String describe(World of, K key) {
        TestedGroup<S> group = group(of, key);
        return group.state().map(this::text).orElse("no group")
                + group.timeout().map(time -> ", times out at " + show(time)).orElse("");
    }

    // ------------------------------------------------------------------ what came of it

    /** The rows so far. */
    public List<O> rows() {
        return emitted("rows");
    }

    /** What came out under this tag. */
    @SuppressWarnings("unchecked") // the generated code knows the type
    protected final <E> List<E> emitted(String tag) {
        return (List<E>) world.emitted.getOrDefault(tag, List.of()).stream()
                .map(Emitted::value)
                .toList();
    }

    /** The group of a key, at this moment. */
    public TestedGroup<S> group(K key) {
        return group(world, key);
    }

    private TestedGroup<S> group(World of, K key) {
        TestCells cells = of.cells.get(key);
        Kept<S> kept = cells == null ? null : cells.value("~meta");
        if (cells == null || kept == null) {
            return new TestedGroup<>(false, Optional.empty(), Optional.empty());
        }
        boolean exists = kept.rest().exists();
        return new TestedGroup<>(
                exists,
                exists ? Optional.of(state(cells)) : Optional.empty(),
                kept.deadline() == Kept.NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(kept.deadline())));
    }

    /** What happened in each step: the state before and after it, and what was emitted. */
    public String trace() {
        StringBuilder text = new StringBuilder("\nSteps:");
        world.trace.forEach(line -> text.append("\n").append(line));
        return text.toString();
    }

    /** Fails, with the {@link #trace}, unless exactly these rows were emitted, in this order. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final T assertRows(O... expected) {
        if (!rows().equals(List.of(expected))) {
            throw new AssertionError("Expected rows: " + List.of(expected) + "\nActual rows:   " + rows() + trace());
        }
        return self();
    }

    /** Fails, with the {@link #trace}, unless there is no group for this key. */
    public T assertClosed(K key) {
        if (!group(key).isClosed()) {
            throw new AssertionError(
                    "Expected no group for " + key + ", but there is: " + describe(world, key) + trace());
        }
        return self();
    }

    /**
     * Fails unless the events so far give the same rows in whatever order they come, each at most {@code lateness} behind the
     * latest one: a number of orders is tried, under a watermark that follows at that distance. The failure names the seed of
     * the order, the order, and both results.
     */
    public T assertOrderInsensitive(Duration lateness) {
        List<Came<I>> inOrder = new ArrayList<>(world.came);
        T sorted = fresh();
        long millis = lateness.toMillis();
        // Where events have no time in them, that of the step counts.
        Map<Came<I>, Long> times = new HashMap<>();
        inOrder.forEach(each -> times.put(each, timeOfKeyed(each.event(), each.time())));
        inOrder.sort((left, right) -> Long.compare(time(times, left), time(times, right)));
        List<String> expected = outcome(sorted, inOrder, times, millis);
        for (long seed = 1; seed <= ORDERS; seed++) {
            Random random = new Random(seed);
            Map<Came<I>, Long> arrival = new HashMap<>();
            for (Came<I> each : inOrder) {
                arrival.put(each, time(times, each) + (millis == 0 ? 0 : random.nextLong(millis + 1)));
            }
            List<Came<I>> order = new ArrayList<>(inOrder);
            order.sort((left, right) -> Long.compare(time(arrival, left), time(arrival, right)));
            T other = fresh();
            List<String> actual = outcome(other, order, times, millis);
            if (!actual.equals(expected)) {
                throw new AssertionError("The order of arrival matters (seed " + seed + ").\nIn order:  " + expected
                        + "\nOtherwise: " + actual + "\nOrder: "
                        + order.stream().map(Came::event).toList()
                        + other.trace());
            }
        }
        return self();
    }

    private static <C> long time(Map<C, Long> times, C of) {
        Long time = times.get(of);
        if (time == null) {
            throw new AssertionError("no time for " + of);
        }
        return time;
    }

    private long timeOfKeyed(I event, org.joda.time.Instant time) {
        Emissions keyed = new Emissions();
        DoFnInvokers.invokerFor(keying).invokeProcessElement(new Arguments(keyed) {
            @Override
            public Object element(DoFn<Object, Object> doFn) {
                return event;
            }

            @Override
            public org.joda.time.Instant timestamp(DoFn<Object, Object> doFn) {
                return time;
            }
        });
        return keyed.emitted.getOrDefault("keyed", List.of()).stream()
                .findFirst()
                .map(each -> each.time().getMillis())
                .orElse(time.getMillis());
    }

    private static <I, S, O, K, T extends GroupTester<I, K, S, O, T>> List<String> outcome(
            T tester, List<Came<I>> order, Map<Came<I>, Long> times, long lateness) {
        GroupTester<I, K, S, O, T> each = tester;
        long highest = Long.MIN_VALUE;
        for (Came<I> came : order) {
            each.come(came.event(), came.time());
            highest = Math.max(highest, time(times, came));
            org.joda.time.Instant watermark = org.joda.time.Instant.ofEpochMilli(highest - lateness);
            if (watermark.isAfter(each.world.watermark)) {
                each.watermarkAt(watermark, "watermark");
            }
        }
        each.end();
        List<String> rows = new ArrayList<>();
        each.world.emitted.getOrDefault("rows", List.of()).forEach(row -> rows.add(row.value() + " @ " + row.time()));
        rows.sort(String::compareTo);
        return rows;
    }

    // ------------------------------------------------------------------ times

    /** A time as it is written in a test. */
    protected static Instant parse(String time) {
        return time.indexOf('T') >= 0
                ? Instant.parse(time)
                : LocalTime.parse(time).atDate(LocalDate.EPOCH).toInstant(ZoneOffset.UTC);
    }

    private static org.joda.time.Instant joda(Instant time) {
        return org.joda.time.Instant.ofEpochMilli(time.toEpochMilli());
    }

    private static Instant java(org.joda.time.Instant time) {
        return Instant.ofEpochMilli(time.getMillis());
    }

    private static String show(Instant time) {
        String text = time.toString();
        return text.startsWith("1970-01-01T") ? text.substring(11, text.length() - 1) : text;
    }

    // ------------------------------------------------------------------ calls of the DoFn

    /** Fires what is due, the earliest first, until nothing is. */
    private void fire() {
        for (TimeDomain domain : List.of(TimeDomain.EVENT_TIME, TimeDomain.PROCESSING_TIME)) {
            boolean fired = true;
            while (fired) {
                fired = fireEarliest(domain);
            }
        }
    }

    private boolean fireEarliest(TimeDomain domain) {
        org.joda.time.Instant now = now(domain);
        K key = null;
        TestTimers.Set earliest = null;
        for (Map.Entry<K, TestTimers> each : world.timers.entrySet()) {
            Optional<TestTimers.Set> due = each.getValue().due(domain, now);
            if (due.isPresent() && (earliest == null || due.get().time().isBefore(earliest.time()))) {
                key = each.getKey();
                earliest = due.get();
            }
        }
        if (key == null || earliest == null) {
            return false;
        }
        TestTimers timers = world.timers.get(key);
        if (timers != null) {
            timers.spend(earliest);
        }
        TestTimers.Set firing = earliest;
        invoker.invokeOnTimer(firing.id(), "", new OfKey(key, firing.outputTime()) {
            @Override
            public DoFn<Object, Object>.OnTimerContext onTimerContext(DoFn<Object, Object> doFn) {
                return new Firing(doFn, firing);
            }
        });
        return true;
    }

    private org.joda.time.Instant now(TimeDomain domain) {
        return domain == TimeDomain.EVENT_TIME ? world.watermark : world.clock;
    }

    /** Takes what the DoFn emits. */
    private static final class Emissions implements DoFn.MultiOutputReceiver {
        private final Map<String, List<Emitted>> emitted;
        private org.joda.time.@Nullable Instant now;

        Emissions() {
            this(new LinkedHashMap<>());
        }

        Emissions(Map<String, List<Emitted>> emitted) {
            this.emitted = emitted;
        }

        @Override
        public <E> DoFn.OutputReceiver<E> get(TupleTag<E> tag) {
            return new DoFn.OutputReceiver<>() {
                @Override
                public OutputBuilder<E> builder(E value) {
                    throw new UnsupportedOperationException("no group builds its outputs");
                }

                @Override
                public void output(E value) {
                    org.joda.time.Instant time = now;
                    outputWithTimestamp(value, time == null ? org.joda.time.Instant.EPOCH : time);
                }

                @Override
                public void outputWithTimestamp(E value, org.joda.time.Instant time) {
                    emitted.computeIfAbsent(tag.getId(), any -> new ArrayList<>())
                            .add(new Emitted(value, time));
                }
            };
        }

        @Override
        public <E> DoFn.OutputReceiver<Row> getRowReceiver(TupleTag<E> tag) {
            throw new UnsupportedOperationException("no group emits rows by their schema");
        }
    }

    /** What any method of a DoFn may ask for. */
    private abstract static class Arguments extends DoFnInvoker.BaseArgumentProvider<Object, Object> {
        private final @Nullable Emissions emissions;

        Arguments(@Nullable Emissions emissions) {
            this.emissions = emissions;
        }

        @Override
        public DoFn.MultiOutputReceiver taggedOutputReceiver(DoFn<Object, Object> doFn) {
            Emissions to = emissions;
            if (to == null) {
                throw new IllegalStateException("there is nothing to emit now");
            }
            try {
                to.now = timestamp(doFn);
            } catch (UnsupportedOperationException noTime) {
                to.now = null;
            }
            return to;
        }

        @Override
        public BoundedWindow window() {
            return GlobalWindow.INSTANCE;
        }

        @Override
        public String getErrorContext() {
            return "GroupTester";
        }
    }

    /** What the methods of the DoFn of the group ask for. */
    private abstract class OfKey extends Arguments {
        private final K key;
        private final org.joda.time.Instant time;

        OfKey(K key, org.joda.time.Instant time) {
            super(new Emissions(world.emitted));
            this.key = key;
            this.time = time;
        }

        @Override
        public Object key() {
            return key;
        }

        @Override
        public org.joda.time.Instant timestamp(DoFn<Object, Object> doFn) {
            return time;
        }

        @Override
        public State state(String id, boolean alwaysFetched) {
            return world.cells
                    .computeIfAbsent(key, any -> new TestCells(specs()))
                    .state(id);
        }

        @Override
        public Timer timer(String id) {
            DoFnSignature.TimerDeclaration declared =
                    DoFnSignatures.signatureForDoFn(fn).timerDeclarations().get(id);
            TimeDomain domain = DoFnSignatures.getTimerSpecOrThrow(declared, fn).getTimeDomain();
            return world.timers
                    .computeIfAbsent(key, any -> new TestTimers())
                    .timer(id, domain, time, GroupTester.this::now);
        }
    }

    private Map<String, StateSpec<?>> specs() {
        Map<String, StateSpec<?>> specs = new HashMap<>();
        DoFnSignatures.signatureForDoFn(fn)
                .stateDeclarations()
                .forEach((id, declared) -> specs.put(id, DoFnSignatures.getStateSpecOrThrow(declared, fn)));
        return specs;
    }

    /** A timer that fires. */
    private static final class Firing extends DoFn<Object, Object>.OnTimerContext {
        private final TestTimers.Set timer;

        Firing(DoFn<Object, Object> fn, TestTimers.Set timer) {
            fn.super();
            this.timer = timer;
        }

        @Override
        public org.joda.time.Instant timestamp() {
            return timer.outputTime();
        }

        @Override
        public org.joda.time.Instant fireTimestamp() {
            return timer.time();
        }

        @Override
        public BoundedWindow window() {
            return GlobalWindow.INSTANCE;
        }

        @Override
        public TimeDomain timeDomain() {
            return timer.domain();
        }

        @Override
        public PipelineOptions getPipelineOptions() {
            return PipelineOptionsFactory.create();
        }

        private static UnsupportedOperationException untagged() {
            return new UnsupportedOperationException("a group emits to tagged outputs alone");
        }

        @Override
        public void output(Object output) {
            throw untagged();
        }

        @Override
        public void outputWithTimestamp(Object output, org.joda.time.Instant time) {
            throw untagged();
        }

        @Override
        public void outputWindowedValue(
                Object output,
                org.joda.time.Instant time,
                java.util.Collection<? extends BoundedWindow> windows,
                PaneInfo pane) {
            throw untagged();
        }

        @Override
        public <E> void output(TupleTag<E> tag, E output) {
            throw untagged();
        }

        @Override
        public <E> void outputWithTimestamp(TupleTag<E> tag, E output, org.joda.time.Instant time) {
            throw untagged();
        }

        @Override
        public <E> void outputWindowedValue(
                TupleTag<E> tag,
                E output,
                org.joda.time.Instant time,
                java.util.Collection<? extends BoundedWindow> windows,
                PaneInfo pane) {
            throw untagged();
        }
    }
}
