package dev.tidemark.testing;

import dev.tidemark.runtime.DuplicatesFn;
import dev.tidemark.runtime.IdentityFn;
import dev.tidemark.runtime.Kept;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
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
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Runs a group step by step: the generated DoFn itself, in the global window or in those of {@link #inWindows}, under a
 * watermark and a clock that the test moves. All state goes through the coders of the group. Times are ISO-8601, or a time of day such as {@code 10:00:03}, of
 * the first of January 1970. Not thread-safe.
 *
 * @param <I> the input of the group
 * @param <K> its key
 * @param <S> its state
 * @param <O> its output
 * @param <T> the generated tester
 */
public abstract class GroupTester<I, K, S, O, T extends GroupTester<I, K, S, O, T>> {
    private static final String ROWS = "rows";

    private static final int ORDERS = 25;

    private final DoFn<Object, Object> keying;
    private final Coder<I> inputCoder;
    private @Nullable DoFn<Object, Object> identity;
    private Stage handling;
    private @Nullable Stage deduplicating;
    private WindowFn<Object, ?> windows = new GlobalWindows();
    private Duration allowedLateness = Duration.ZERO;
    private World world = new World();
    private final List<World> past = new ArrayList<>();

    /** One thing that came out, and its time. */
    private record Emitted(Object value, org.joda.time.Instant time) {}

    /** One event that came in, and its time. */
    private record Came<I>(I event, org.joda.time.Instant time) {}

    /** Where a cell or a timer belongs: the key of the step that has it, and a window. */
    private record Place(Object key, BoundedWindow window) {
        @Override
        public String toString() {
            return window instanceof GlobalWindow ? key.toString() : key + " in " + window;
        }
    }

    /** A stateful step of the group, as it was started. */
    private record Stage(String name, DoFn<Object, Object> fn, DoFnInvoker<Object, Object> invoker) {
        static Stage start(String name, DoFn<Object, Object> fn) {
            DoFn<Object, Object> copy = SerializableUtils.clone(fn);
            DoFnInvoker<Object, Object> invoker = DoFnInvokers.invokerFor(copy);
            invoker.invokeSetup(new Arguments(null, GlobalWindow.INSTANCE) {});
            return new Stage(name, copy, invoker);
        }

        Stage restarted() {
            return start(name, fn);
        }

        Map<String, StateSpec<?>> specs() {
            Map<String, StateSpec<?>> specs = new HashMap<>();
            DoFnSignatures.signatureForDoFn(fn)
                    .stateDeclarations()
                    .forEach((id, declared) -> specs.put(id, DoFnSignatures.getStateSpecOrThrow(declared, fn)));
            return specs;
        }

        TimeDomain domain(String timer) {
            DoFnSignature.TimerDeclaration declared =
                    DoFnSignatures.signatureForDoFn(fn).timerDeclarations().get(timer);
            return DoFnSignatures.getTimerSpecOrThrow(declared, fn).getTimeDomain();
        }
    }

    /** What one step has stored. */
    private static final class Stored {
        private final Map<Place, TestCells> cells = new LinkedHashMap<>();
        private final Map<Place, TestTimers> timers = new LinkedHashMap<>();

        Stored copy() {
            Stored copy = new Stored();
            cells.forEach((place, each) -> copy.cells.put(place, each.copy()));
            timers.forEach((place, each) -> copy.timers.put(place, each.copy()));
            return copy;
        }
    }

    /** Everything that a step can change. */
    private final class World {
        private final Map<String, Stored> stored = new HashMap<>();
        private final Map<String, List<Emitted>> emitted = new HashMap<>();
        private final List<String> trace = new ArrayList<>();
        private final List<Came<I>> came = new ArrayList<>();
        private org.joda.time.Instant watermark = BoundedWindow.TIMESTAMP_MIN_VALUE;
        private org.joda.time.Instant clock = org.joda.time.Instant.EPOCH;

        World copy() {
            World copy = new World();
            stored.forEach((stage, each) -> copy.stored.put(stage, each.copy()));
            emitted.forEach((tag, each) -> copy.emitted.put(tag, new ArrayList<>(each)));
            copy.trace.addAll(trace);
            copy.came.addAll(came);
            copy.watermark = watermark;
            copy.clock = clock;
            return copy;
        }

        Stored of(Stage stage) {
            return stored.computeIfAbsent(stage.name(), any -> new Stored());
        }

        Map<Place, TestCells> groups() {
            return of(handling).cells;
        }
    }

    /** Made by the generated tester, of the two steps of the group. */
    @SuppressWarnings("unchecked") // the generated code gives what belongs together
    protected GroupTester(DoFn<I, KV<K, I>> keying, DoFn<?, ?> fn, Coder<I> inputCoder) {
        this.keying = (DoFn<Object, Object>) (DoFn<?, ?>) keying;
        this.inputCoder = inputCoder;
        this.handling = Stage.start("handle", (DoFn<Object, Object>) fn);
    }

    /** Called by the generated tester of a group without duplicates; {@code within} is in milliseconds. */
    @SuppressWarnings("unchecked") // the generated code gives what belongs together
    protected final void deduplicating(String name, IdentityFn<K, I> identityFn, long within) {
        identity = (DoFn<Object, Object>) (DoFn<?, ?>) identityFn;
        deduplicating = Stage.start("deduplicate", (DoFn<Object, Object>)
                (DoFn<?, ?>) new DuplicatesFn<K, I>(name, within, new TupleTag<I>("duplicates")));
    }

    /** The tester itself. */
    protected abstract T self();

    /** Another tester of the same group, at the beginning. */
    protected abstract T fresh();

    /** The DoFn of the group, for windows of this allowed lateness. */
    protected abstract DoFn<?, ?> handling(org.joda.time.Duration allowedLateness);

    /** What the DoFn of the group is given for an event. */
    protected abstract Object element(K key, I event);

    /** The state of the group that has these cells. */
    protected abstract S state(TestCells cells);

    /** A state as text. */
    protected abstract String text(S state);

    // ------------------------------------------------------------------ windows

    /** The events come in these windows, in each of which a key has a state of its own: to be said before the first step. */
    public T inWindows(WindowFn<Object, ?> windowFn) {
        return inWindows(windowFn, Duration.ZERO);
    }

    /** The same, where a window takes events that are late by as much as this. */
    @SuppressWarnings("unchecked") // the generated code gives what belongs together
    public T inWindows(WindowFn<Object, ?> windowFn, Duration lateness) {
        if (!past.isEmpty()) {
            throw new IllegalStateException("windows are to be chosen before the first step");
        }
        if (!windowFn.isNonMerging()) {
            throw new IllegalArgumentException(
                    "windows that merge have no state: a group refuses them in a pipeline, too");
        }
        windows = windowFn;
        allowedLateness = lateness;
        handling = Stage.start(
                "handle", (DoFn<Object, Object>) handling(org.joda.time.Duration.millis(lateness.toMillis())));
        return self();
    }

    private List<BoundedWindow> windowsOf(Object element, org.joda.time.Instant time) {
        return windowsOf(windows, element, time);
    }

    private static <W extends BoundedWindow> List<BoundedWindow> windowsOf(
            WindowFn<Object, W> windows, Object element, org.joda.time.Instant time) {
        try {
            return List.copyOf(windows.assignWindows(windows.new AssignContext() {
                @Override
                public Object element() {
                    return element;
                }

                @Override
                public org.joda.time.Instant timestamp() {
                    return time;
                }

                @Override
                public BoundedWindow window() {
                    return GlobalWindow.INSTANCE;
                }
            }));
        } catch (Exception e) {
            throw new IllegalStateException("no window for " + element, e);
        }
    }

    /** When the state of a window is gone. */
    private org.joda.time.Instant expiry(BoundedWindow window) {
        return window instanceof GlobalWindow
                ? window.maxTimestamp()
                : window.maxTimestamp().plus(org.joda.time.Duration.millis(allowedLateness.toMillis()));
    }

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
            DoFnInvokers.invokerFor(keying).invokeProcessElement(new Arguments(keyed, GlobalWindow.INSTANCE) {
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
        for (BoundedWindow window : windowsOf(element.getValue(), keyed.time())) {
            if (expiry(window).isBefore(world.watermark)) {
                world.emitted
                        .computeIfAbsent("dropped by the runner, after the end of " + window, any -> new ArrayList<>())
                        .add(new Emitted(element.getValue(), keyed.time()));
                continue;
            }
            Stage duplicates = deduplicating;
            DoFn<Object, Object> byIdentity = identity;
            if (duplicates == null || byIdentity == null) {
                process(element.getKey(), element(element.getKey(), element.getValue()), keyed.time(), window);
            } else {
                deduplicate(element, keyed.time(), window, byIdentity, duplicates);
            }
        }
    }

    @SuppressWarnings("unchecked") // as above
    private void deduplicate(
            KV<K, I> element,
            org.joda.time.Instant time,
            BoundedWindow window,
            DoFn<Object, Object> byIdentity,
            Stage duplicates) {
        Emissions identified = new Emissions();
        DoFnInvokers.invokerFor(byIdentity).invokeProcessElement(new Arguments(identified, window) {
            @Override
            public Object element(DoFn<Object, Object> doFn) {
                return element;
            }

            @Override
            public org.joda.time.Instant timestamp(DoFn<Object, Object> doFn) {
                return time;
            }
        });
        KV<byte[], KV<K, I>> told = (KV<byte[], KV<K, I>>)
                identified.emitted.getOrDefault("", List.of()).get(0).value();
        Emissions passed = new Emissions();
        duplicates
                .invoker()
                .invokeProcessElement(
                        new OfKey(
                                duplicates,
                                new Place(Base64.getEncoder().encodeToString(told.getKey()), window),
                                time,
                                passed) {
                            @Override
                            public Object element(DoFn<Object, Object> doFn) {
                                return told;
                            }
                        });
        if (passed.emitted.containsKey("duplicates")) {
            world.emitted
                    .computeIfAbsent("duplicates", any -> new ArrayList<>())
                    .add(new Emitted(element.getValue(), time));
        } else {
            process(element.getKey(), element(element.getKey(), element.getValue()), time, window);
        }
    }

    /** A state that is there before the events, with a time; for the generated tester of a group that can have one. */
    protected final T initial(String description, K key, Object element, String time) {
        return step(description, () -> {
            if (!(windows instanceof GlobalWindows)) {
                throw new IllegalStateException("in windows the state begins empty");
            }
            process(key, element, joda(parse(time)), GlobalWindow.INSTANCE);
        });
    }

    private void process(K key, Object element, org.joda.time.Instant time, BoundedWindow window) {
        handling.invoker()
                .invokeProcessElement(new OfKey(handling, new Place(key, window), time, new Emissions(world.emitted)) {
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
            forgetExpired();
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
            handling = handling.restarted();
            deduplicating = deduplicating == null ? null : deduplicating.restarted();
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
        MetricsContainer outside = MetricsEnvironment.setCurrentContainer(new Uncounted());
        try {
            step.run();
        } catch (RuntimeException e) {
            throw new AssertionError(
                    "step " + past.size() + ", " + description + ", failed: " + e.getMessage() + trace(), e);
        } finally {
            MetricsEnvironment.setCurrentContainer(outside);
        }
        world.trace.add(past.size() + " " + description + changes(before));
        return self();
    }

    private String changes(World before) {
        StringBuilder changes = new StringBuilder();
        Set<Place> places = new LinkedHashSet<>(before.groups().keySet());
        places.addAll(world.groups().keySet());
        for (Place place : places) {
            String old = describe(before, place);
            String now = describe(world, place);
            if (!old.equals(now)) {
                changes.append("\n    ")
                        .append(place)
                        .append(": ")
                        .append(old)
                        .append(" -> ")
                        .append(now);
            }
        }
        world.emitted.forEach((tag, all) -> {
            // Each alternative of a sealed output has a tag of its own beside that of all rows.
            int count = tag.startsWith(ROWS + "-")
                    ? all.size()
                    : before.emitted.getOrDefault(tag, List.of()).size();
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

    private String describe(World of, Place place) {
        TestedGroup<S> group = group(of, place);
        return group.state().map(this::text).orElse("no group")
                + group.timeout().map(time -> ", times out at " + show(time)).orElse("");
    }

    // ------------------------------------------------------------------ what came of it

    /** The rows of all steps so far. */
    public List<O> rows() {
        return emitted(ROWS);
    }

    /** What came out under this tag. */
    @SuppressWarnings("unchecked") // the generated code knows the type
    protected final <E> List<E> emitted(String tag) {
        return (List<E>) world.emitted.getOrDefault(tag, List.of()).stream()
                .map(Emitted::value)
                .toList();
    }

    /** The group of a key, at this moment; where it has groups in several windows, say which. */
    public TestedGroup<S> group(K key) {
        List<Place> places = places(key);
        if (places.size() > 1) {
            throw new IllegalArgumentException(
                    key + " has groups in several windows, " + places + ": say which, with the time of an event in it");
        }
        return places.isEmpty()
                ? new TestedGroup<>(false, Optional.empty(), Optional.empty())
                : group(world, places.get(0));
    }

    /** The group of a key in the window, or the first of the windows, that an event of this time is in. */
    public TestedGroup<S> group(K key, String time) {
        return group(world, new Place(key, windowsOf(key, joda(parse(time))).get(0)));
    }

    /** The group of a key in a window. */
    public TestedGroup<S> group(K key, BoundedWindow window) {
        return group(world, new Place(key, window));
    }

    /** Where there are groups of a key. */
    private List<Place> places(K key) {
        return world.groups().keySet().stream()
                .filter(place -> place.key().equals(key))
                .filter(place -> {
                    TestedGroup<S> group = group(world, place);
                    return group.exists() || group.timeout().isPresent();
                })
                .toList();
    }

    private TestedGroup<S> group(World of, Place place) {
        TestCells cells = of.groups().get(place);
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

    /** Fails, with the {@link #trace}, unless exactly these rows were emitted in all steps so far, in this order. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final T assertRows(O... expected) {
        List<O> actual = rows();
        List<O> wanted = List.of(expected);
        if (!actual.equals(wanted)) {
            boolean areTheLast = actual.size() > wanted.size()
                    && actual.subList(actual.size() - wanted.size(), actual.size())
                            .equals(wanted);
            throw new AssertionError("Expected rows: " + wanted + "\nActual rows:   " + actual
                    + (areTheLast
                            ? "\nThe last are those expected, but the rows of all steps so far are compared."
                            : "")
                    + trace());
        }
        return self();
    }

    /** Fails, with the {@link #trace}, unless there is no group for this key, in any window. */
    public T assertClosed(K key) {
        for (Place place : places(key)) {
            if (!group(world, place).isClosed()) {
                throw new AssertionError(
                        "Expected no group for " + place + ", but there is: " + describe(world, place) + trace());
            }
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
        T sorted = freshInWindows();
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
            T other = freshInWindows();
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

    private T freshInWindows() {
        T fresh = fresh();
        return windows instanceof GlobalWindows ? fresh : fresh.inWindows(windows, allowedLateness);
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
        DoFnInvokers.invokerFor(keying).invokeProcessElement(new Arguments(keyed, GlobalWindow.INSTANCE) {
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
        each.world.emitted.getOrDefault(ROWS, List.of()).forEach(row -> rows.add(row.value() + " @ " + row.time()));
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
        Stage stage = handling;
        Place place = null;
        TestTimers.Set earliest = null;
        for (Stage each : stages()) {
            for (Map.Entry<Place, TestTimers> timers : world.of(each).timers.entrySet()) {
                Optional<TestTimers.Set> due = timers.getValue().due(domain, now);
                if (due.isPresent() && (earliest == null || due.get().time().isBefore(earliest.time()))) {
                    stage = each;
                    place = timers.getKey();
                    earliest = due.get();
                }
            }
        }
        if (place == null || earliest == null) {
            return false;
        }
        TestTimers timers = world.of(stage).timers.get(place);
        if (timers != null) {
            timers.spend(earliest);
        }
        TestTimers.Set firing = earliest;
        Place of = place;
        stage.invoker()
                .invokeOnTimer(
                        firing.id(), "", new OfKey(stage, of, firing.outputTime(), new Emissions(world.emitted)) {
                            @Override
                            public DoFn<Object, Object>.OnTimerContext onTimerContext(DoFn<Object, Object> doFn) {
                                return new Firing(doFn, firing, of.window());
                            }
                        });
        return true;
    }

    private List<Stage> stages() {
        Stage duplicates = deduplicating;
        return duplicates == null ? List.of(handling) : List.of(duplicates, handling);
    }

    /** Clears the state of windows that are over. */
    private void forgetExpired() {
        if (windows instanceof GlobalWindows) {
            return;
        }
        for (Stage stage : stages()) {
            Stored stored = world.of(stage);
            stored.cells.keySet().removeIf(place -> expiry(place.window()).isBefore(world.watermark));
            stored.timers.keySet().removeIf(place -> expiry(place.window()).isBefore(world.watermark));
        }
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
        private final BoundedWindow window;

        Arguments(@Nullable Emissions emissions, BoundedWindow window) {
            this.emissions = emissions;
            this.window = window;
        }

        private Emissions emissions() {
            Emissions to = emissions;
            if (to == null) {
                throw new IllegalStateException("there is nothing to emit now");
            }
            return to;
        }

        @Override
        public DoFn.OutputReceiver<Object> outputReceiver(DoFn<Object, Object> doFn) {
            return emissions().get(new TupleTag<>(""));
        }

        @Override
        public DoFn.MultiOutputReceiver taggedOutputReceiver(DoFn<Object, Object> doFn) {
            Emissions to = emissions();
            try {
                to.now = timestamp(doFn);
            } catch (UnsupportedOperationException noTime) {
                to.now = null;
            }
            return to;
        }

        @Override
        public BoundedWindow window() {
            return window;
        }

        @Override
        public String getErrorContext() {
            return "GroupTester";
        }
    }

    /** What the methods of a stateful DoFn ask for. */
    private abstract class OfKey extends Arguments {
        private final Stage stage;
        private final Place place;
        private final org.joda.time.Instant time;

        OfKey(Stage stage, Place place, org.joda.time.Instant time, Emissions emissions) {
            super(emissions, place.window());
            this.stage = stage;
            this.place = place;
            this.time = time;
        }

        @Override
        public Object key() {
            return place.key();
        }

        @Override
        public org.joda.time.Instant timestamp(DoFn<Object, Object> doFn) {
            return time;
        }

        @Override
        public State state(String id, boolean alwaysFetched) {
            return world.of(stage)
                    .cells
                    .computeIfAbsent(place, any -> new TestCells(stage.specs()))
                    .state(id);
        }

        @Override
        public Timer timer(String id) {
            return world.of(stage)
                    .timers
                    .computeIfAbsent(place, any -> new TestTimers(expiry(place.window())))
                    .timer(id, stage.domain(id), time, GroupTester.this::now);
        }
    }

    /** A timer that fires. */
    private static final class Firing extends DoFn<Object, Object>.OnTimerContext {
        private final TestTimers.Set timer;
        private final BoundedWindow window;

        Firing(DoFn<Object, Object> fn, TestTimers.Set timer, BoundedWindow window) {
            fn.super();
            this.timer = timer;
            this.window = window;
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
            return window;
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
