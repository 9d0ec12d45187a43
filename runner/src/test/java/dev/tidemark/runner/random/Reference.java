package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Case.Change;
import dev.tidemark.runner.random.Case.Clock;
import dev.tidemark.runner.random.Case.Constants;
import dev.tidemark.runner.random.Case.Elements;
import dev.tidemark.runner.random.Case.Event;
import dev.tidemark.runner.random.Case.Filter;
import dev.tidemark.runner.random.Case.Flatten;
import dev.tidemark.runner.random.Case.Group;
import dev.tidemark.runner.random.Case.Lookup;
import dev.tidemark.runner.random.Case.Node;
import dev.tidemark.runner.random.Case.Reshuffle;
import dev.tidemark.runner.random.Case.Split;
import dev.tidemark.runner.random.Case.Stamped;
import dev.tidemark.runner.random.Case.Stateful;
import dev.tidemark.runner.random.Case.Sum;
import dev.tidemark.runner.random.Case.View;
import dev.tidemark.runner.random.Case.Watermark;
import dev.tidemark.runner.random.Case.Windows;
import dev.tidemark.runner.random.Case.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Computes what must come out of a case, from Beam's model: a machine that is as simple as can be, on one thread.
 *
 * <p>Every transform is a {@link Station}. Stations are joined by edges, and on an edge elements and watermarks travel in order:
 * but elements between two watermarks have no order among themselves. As long as an edge carries something, one such edge is
 * drawn, and its station takes some of the elements, or the watermark, that are next. When nothing moves any more, the stream does
 * its next event. That is all the freedom that Beam leaves a runner here: in which order, and in bundles of which size, and with
 * which keys together. Whatever two drawings have in common is determined by the model; where they differ, each is right.
 */
final class Reference {
    static final long BEGINNING = Long.MIN_VALUE / 1000;
    static final long END = Long.MAX_VALUE / 1000;
    /** The last moment of the global window: a day before the end of time. */
    static final long GLOBAL_END = END - 24L * 60 * 60 * 1000;

    private static final String NO_PANE = "-";

    /** A window, by its first and its last moment. */
    record Span(long start, long last) implements Comparable<Span> {
        static final Span GLOBAL = new Span(BEGINNING, GLOBAL_END);

        /** The last moment at which the window still takes elements. */
        long expiry(long lateness) {
            return Math.min(last + lateness, GLOBAL_END);
        }

        boolean overlaps(Span other) {
            return start <= other.last && other.start <= last;
        }

        Span with(Span other) {
            return new Span(Math.min(start, other.start), Math.max(last, other.last));
        }

        @Override
        public int compareTo(Span other) {
            return start != other.start ? Long.compare(start, other.start) : Long.compare(last, other.last);
        }

        @Override
        public String toString() {
            return equals(GLOBAL) ? "global" : "[" + start + ".." + (last + 1) + ")";
        }
    }

    record Item(String key, long value, long time, Span window, String pane) {
        Item withValue(long other) {
            return new Item(key, other, time, window, pane);
        }
    }

    /** Thrown where Beam leaves open what happens: the case says nothing then. */
    static final class Undetermined extends RuntimeException {
        Undetermined(String why) {
            super(why);
        }
    }

    /** Either elements, in no order, or a watermark. */
    private record Signal(List<Item> items, long watermark) {}

    static final class Edge {
        private final Station to;
        private final int port;
        private final Deque<Signal> signals = new ArrayDeque<>();
        long watermark = BEGINNING;

        Edge(Station to, int port) {
            this.to = to;
            this.port = port;
        }

        private void send(Item item) {
            Signal last = signals.peekLast();
            if (last == null || last.items().isEmpty()) {
                last = new Signal(new ArrayList<>(), 0);
                signals.add(last);
            }
            last.items().add(item);
        }

        private void raise(long to) {
            signals.add(new Signal(List.of(), to));
        }
    }

    /** A transform at work. */
    abstract class Station {
        final String name;
        final Case.Windowing windowing;
        final List<Edge> in = new ArrayList<>();
        private final Map<Integer, List<Edge>> out = new HashMap<>();
        private final int shards = 1 + random.nextInt(3);
        private final Map<String, Integer> shardOfKey = new HashMap<>();
        private final long[] shardWatermarks = {BEGINNING, BEGINNING, BEGINNING};
        private final long[] shardInputs = {BEGINNING, BEGINNING, BEGINNING};
        private long wanted = BEGINNING;
        /** That of the shard whose keys are at work. */
        long inputWatermark = BEGINNING;

        private long outputWatermark = BEGINNING;

        Station(int number, Case.Windowing windowing) {
            this.name = "n" + number;
            this.windowing = windowing;
        }

        /** Takes a bundle. */
        abstract void take(int port, List<Item> bundle);

        /** The input watermark has risen from {@code before}: what that means for the keys of a shard. */
        void rose(long before, int shard) {}

        /** The clock has moved: what that means for the keys of a shard. */
        void clockMoved(int shard) {}

        /** The earliest time that the output watermark must not pass for the sake of this shard's keys. */
        long hold(int shard) {
            return END;
        }

        final int shard(String key) {
            return shardOfKey.computeIfAbsent(key, any -> random.nextInt(shards));
        }

        /** The output watermark as a key sees it: its shard knows nothing of the others. */
        final long outputWatermarkFor(String key) {
            return shardWatermarks[shard(key)];
        }

        final void emit(Item item) {
            emit(0, item, item.value());
        }

        final void emit(int output, Item item, Object shown) {
            gathering.add(
                    name + (output == 0 ? "" : "b"),
                    Outcome.element(
                            item.key(), shown, item.time(), item.window().toString(), item.pane()));
            out.getOrDefault(output, List.of()).forEach(edge -> edge.send(item));
        }

        /** The watermark of an input has risen. */
        void inputRose(int port) {
            raiseTo(in.stream().mapToLong(edge -> edge.watermark).min().orElse(END));
        }

        /** Each shard learns of it now or later: of several watermarks it may hear only the last. */
        final void raiseTo(long lowest) {
            wanted = Math.max(wanted, lowest);
            for (int shard : inAnyOrder()) {
                if (random.nextInt(4) > 0) {
                    raise(shard);
                }
            }
        }

        private void raise(int shard) {
            long before = shardInputs[shard];
            if (wanted > before) {
                shardInputs[shard] = wanted;
                inputWatermark = wanted;
                rose(before, shard);
                raiseOutput(shard);
            }
        }

        /** Lets a shard catch up that has not heard of the watermark yet. Returns whether there was one. */
        private boolean catchUp() {
            for (int shard : inAnyOrder()) {
                if (shardInputs[shard] < wanted) {
                    raise(shard);
                    return true;
                }
            }
            return false;
        }

        private void moveClock() {
            for (int shard : inAnyOrder()) {
                inputWatermark = shardInputs[shard];
                clockMoved(shard);
                raiseOutput(shard);
            }
        }

        private void takeByShard(int port, List<Item> bundle) {
            for (int shard : inAnyOrder()) {
                List<Item> part = bundle.stream()
                        .filter(item -> shard(item.key()) == shard)
                        .toList();
                if (!part.isEmpty()) {
                    inputWatermark = shardInputs[shard];
                    take(port, part);
                    raiseOutput(shard);
                }
            }
        }

        /** The shards: none waits for the others, and the output watermark is at each time what all have reached. */
        private List<Integer> inAnyOrder() {
            return shuffled(IntStream.range(0, shards).boxed().toList());
        }

        private void raiseOutput(int risen) {
            shardWatermarks[risen] = Math.max(shardWatermarks[risen], Math.min(shardInputs[risen], hold(risen)));
            long lowest = Arrays.stream(shardWatermarks, 0, shards).min().orElseThrow();
            if (lowest > outputWatermark) {
                outputWatermark = lowest;
                out.values().forEach(edges -> edges.forEach(edge -> edge.raise(lowest)));
            }
        }
    }

    private final Case asked;
    final Random random;
    private final Outcome.Gathering gathering = new Outcome.Gathering();
    private final List<Station> stations = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    long clock;

    private Reference(Case asked, long order) {
        this.asked = asked;
        // Neighbouring seeds would begin alike.
        this.random = new Random(order * 0x9E3779B97F4A7C15L);
    }

    /**
     * What comes out if all that the model leaves open is drawn from {@code order}.
     *
     * @throws Undetermined if the model does not say it
     */
    static Outcome outcome(Case asked, long order) {
        return new Reference(asked, order).run();
    }

    private Outcome run() {
        Station source = new Station(0, Case.Windowing.INITIAL) {
            @Override
            void take(int port, List<Item> bundle) {
                bundle.forEach(this::emit);
            }
        };
        Edge stream = new Edge(source, 0);
        source.in.add(stream);
        edges.add(stream);
        stations.add(source);
        for (int i = 0; i < asked.nodes().size(); i++) {
            Node node = asked.nodes().get(i);
            Station station = station(i + 1, node);
            stations.add(station);
            for (Wire wire : node.inputs()) {
                Edge edge = new Edge(station, station.in.size());
                station.in.add(edge);
                edges.add(edge);
                stations.get(wire.node())
                        .out
                        .computeIfAbsent(wire.output(), output -> new ArrayList<>())
                        .add(edge);
            }
        }
        for (Event event : asked.events()) {
            if (event instanceof Elements elements) {
                for (Stamped each : elements.elements()) {
                    stream.send(new Item(each.key(), each.value(), each.time(), Span.GLOBAL, NO_PANE));
                }
            } else if (event instanceof Watermark rise) {
                stream.raise(rise.time());
            } else if (event instanceof Clock clockEvent) {
                clock += clockEvent.advance();
                for (Station station : shuffled(stations)) {
                    station.moveClock();
                }
            }
            comeToRest();
        }
        stream.raise(END);
        comeToRest();
        return gathering.outcome();
    }

    private void comeToRest() {
        while (true) {
            List<Edge> busy =
                    edges.stream().filter(edge -> !edge.signals.isEmpty()).toList();
            if (busy.isEmpty()) {
                if (shuffled(stations).stream().noneMatch(Station::catchUp)) {
                    return;
                }
                continue;
            }
            Edge edge = busy.get(random.nextInt(busy.size()));
            Signal next = edge.signals.element();
            if (next.items().isEmpty()) {
                edge.signals.remove();
                edge.watermark = Math.max(edge.watermark, next.watermark());
                edge.to.inputRose(edge.port);
            } else {
                edge.to.takeByShard(edge.port, some(next.items()));
                if (next.items().isEmpty()) {
                    edge.signals.remove();
                }
            }
            edge.to.inAnyOrder().forEach(edge.to::raiseOutput);
        }
    }

    /** Takes some of the items out, in any order: all of them, as often as not. */
    private List<Item> some(List<Item> items) {
        List<Item> taken = new ArrayList<>();
        int count = random.nextBoolean() ? items.size() : 1 + random.nextInt(items.size());
        for (int i = 0; i < count; i++) {
            taken.add(items.remove(random.nextInt(items.size())));
        }
        return taken;
    }

    final <T> List<T> shuffled(Iterable<T> things) {
        List<T> shuffled = new ArrayList<>();
        things.forEach(thing -> shuffled.add(random.nextInt(shuffled.size() + 1), thing));
        return shuffled;
    }

    private Station station(int number, Node node) {
        Case.Windowing windowing = asked.windowing(node.inputs().get(0));
        if (node instanceof Change change) {
            return new Station(number, windowing) {
                @Override
                void take(int port, List<Item> bundle) {
                    for (Item item : bundle) {
                        long value = item.value() + change.plus();
                        String key = change.keys() == 0 ? item.key() : "k" + Math.floorMod(value, change.keys());
                        emit(new Item(key, value, item.time(), item.window(), item.pane()));
                    }
                }
            };
        } else if (node instanceof Filter filter) {
            return new Station(number, windowing) {
                @Override
                void take(int port, List<Item> bundle) {
                    bundle.stream()
                            .filter(item -> Math.floorMod(item.value(), filter.modulus()) == filter.rest())
                            .forEach(this::emit);
                }
            };
        } else if (node instanceof Split split) {
            return new Station(number, windowing) {
                @Override
                void take(int port, List<Item> bundle) {
                    for (Item item : bundle) {
                        if (item.value() % 2 == 0) {
                            emit(item);
                        } else {
                            for (int i = 0; i < split.copies(); i++) {
                                emit(1, item.withValue(item.value() + i), item.value() + i);
                            }
                        }
                    }
                }
            };
        } else if (node instanceof Flatten || node instanceof Reshuffle) {
            return new Station(number, windowing) {
                @Override
                void take(int port, List<Item> bundle) {
                    bundle.forEach(this::emit);
                }
            };
        } else if (node instanceof Windows windows) {
            return new Station(number, windowing) {
                @Override
                void take(int port, List<Item> bundle) {
                    for (Item item : bundle) {
                        for (Span window : windowsAt(windows.windowing(), item.time())) {
                            emit(new Item(item.key(), item.value(), item.time(), window, item.pane()));
                        }
                    }
                }
            };
        } else if (node instanceof Group || node instanceof Sum) {
            return new ReferenceGroup(this, number, windowing, node instanceof Sum);
        } else if (node instanceof Constants constants) {
            List<Item> content = new ArrayList<>();
            Case.Windowing none = Case.Windowing.INITIAL;
            BeamCase.CONSTANTS.forEach((key, values) -> values.forEach(value -> content.add(
                    new Item(key, value, BEGINNING, windowsAt(none, 0).get(0), NO_PANE))));
            return new Station(number, windowing) {
                @Override
                void take(int port, List<Item> bundle) {
                    bundle.forEach(
                            item -> emit(item.withValue(item.value() + lookUp(constants.view(), content, item.key()))));
                }
            };
        } else if (node instanceof Lookup lookup) {
            return new LookupStation(number, lookup);
        } else if (node instanceof Stateful stateful) {
            return new ReferenceState(this, number, windowing, stateful);
        }
        throw new IllegalStateException("no station for " + node);
    }

    /** The windows of an element at a time. */
    static List<Span> windowsAt(Case.Windowing windowing, long time) {
        List<Span> windows = new ArrayList<>();
        switch (windowing.shape()) {
            case GLOBAL -> windows.add(Span.GLOBAL);
            case FIXED -> {
                long start = time - Math.floorMod(time, windowing.size());
                windows.add(new Span(start, Math.min(start + windowing.size() - 1, GLOBAL_END)));
            }
            case SLIDING -> {
                long last = time - Math.floorMod(time, windowing.period());
                for (long start = last; start > time - windowing.size(); start -= windowing.period()) {
                    windows.add(new Span(start, start + windowing.size() - 1));
                }
            }
            case SESSIONS -> windows.add(new Span(time, time + windowing.size() - 1));
        }
        if (windowing.shape() != Case.Shape.GLOBAL && time < 0) {
            throw new Undetermined("which windows there are before the year 1970");
        }
        if (windows.stream().anyMatch(window -> window.last() > GLOBAL_END)) {
            throw new Undetermined("when a window ends that is longer than time");
        }
        return windows;
    }

    /** What a view says about a key. */
    private static long lookUp(View view, List<Item> content, String key) {
        long sum = content.stream().mapToLong(Item::value).sum();
        return switch (view) {
            case LIST -> 1000L * content.size() + sum;
            case SINGLETON -> sum;
            case MULTIMAP ->
                content.stream().noneMatch(item -> item.key().equals(key))
                        ? -1
                        : content.stream()
                                .filter(item -> item.key().equals(key))
                                .mapToLong(Item::value)
                                .sum();
        };
    }

    /**
     * Waits with each element until its side input is known: when the watermark has passed the end of the side input's window,
     * and all that came before is its content.
     */
    private final class LookupStation extends Station {
        private final Lookup lookup;
        private final Case.Windowing sideWindowing;
        private final Map<Span, List<Item>> content = new HashMap<>();
        private final List<Item> waiting = new ArrayList<>();
        private long sideWatermark = BEGINNING;

        LookupStation(int number, Lookup lookup) {
            super(number, asked.windowing(lookup.inputs().get(0)));
            this.lookup = lookup;
            this.sideWindowing = asked.windowing(lookup.side());
        }

        @Override
        void take(int port, List<Item> bundle) {
            for (Item item : bundle) {
                if (port == 1) {
                    if (item.window().last() >= sideWatermark) {
                        content.computeIfAbsent(item.window(), window -> new ArrayList<>())
                                .add(item);
                    }
                } else if (item.window().expiry(windowing.lateness()) < inputWatermark) {
                    throw new Undetermined("whether an element that is too late for its window finds a side input");
                } else {
                    waiting.add(item);
                }
            }
            answer();
        }

        /** The main input alone moves time; the side input makes elements ready. */
        @Override
        void inputRose(int port) {
            if (port == 0) {
                raiseTo(in.get(0).watermark);
            } else {
                sideWatermark = in.get(1).watermark;
                answer();
            }
        }

        private void answer() {
            for (Item item : List.copyOf(waiting)) {
                Span side = windowsAt(sideWindowing, item.window().last()).get(0);
                if (side.last() < sideWatermark) {
                    waiting.remove(item);
                    List<Item> known = content.getOrDefault(side, List.of());
                    emit(item.withValue(item.value() + lookUp(lookup.view(), known, item.key())));
                }
            }
        }

        @Override
        long hold(int shard) {
            return waiting.stream().mapToLong(Item::time).min().orElse(END);
        }
    }
}
