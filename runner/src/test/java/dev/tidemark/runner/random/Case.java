package dev.tidemark.runner.random;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A small pipeline and the events of the {@code TestStream} that feeds it, as plain data: it can be printed, interpreted, built
 * with Beam, and made smaller. Every wire carries pairs of a text and a number.
 *
 * @param nodes the transforms; number i stands at position i - 1, and reads from nodes before it; number 0 is the stream
 */
record Case(List<Node> nodes, List<Event> events) {
    Case {
        nodes = List.copyOf(nodes);
        events = List.copyOf(events);
    }

    /** One output of a node. */
    record Wire(int node, int output) implements Serializable {
        static final Wire SOURCE = new Wire(0, 0);

        @Override
        public String toString() {
            return "n" + node + (output == 0 ? "" : "b");
        }
    }

    // ---------------------------------------------------------------------------------------------------------- events

    /** What the stream does next. */
    sealed interface Event permits Elements, Watermark, Clock {}

    record Elements(List<Stamped> elements) implements Event {
        Elements {
            elements = List.copyOf(elements);
        }
    }

    record Stamped(String key, long value, long time) {
        @Override
        public String toString() {
            return key + "=" + value + "@" + time;
        }
    }

    record Watermark(long time) implements Event {}

    record Clock(long advance) implements Event {}

    // ----------------------------------------------------------------------------------------------------------- nodes

    sealed interface Node extends Serializable
            permits Change, Filter, Split, Flatten, Reshuffle, Windows, Group, Sum, Lookup, Constants, Stateful {
        List<Wire> inputs();

        Node from(List<Wire> inputs);
    }

    /** Adds to the value; where {@code keys} is not zero, the new value decides which of that many keys it belongs to. */
    record Change(Wire in, long plus, int keys) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Change(inputs.get(0), plus, keys);
        }
    }

    /** Keeps the values that {@code modulus} divides with this rest. */
    record Filter(Wire in, int modulus, int rest) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Filter(inputs.get(0), modulus, rest);
        }
    }

    /** Even values go to the first output; odd ones to the second, so many times. */
    record Split(Wire in, int copies) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Split(inputs.get(0), copies);
        }
    }

    record Flatten(List<Wire> inputs) implements Node {
        Flatten {
            inputs = List.copyOf(inputs);
        }

        @Override
        public Node from(List<Wire> others) {
            return new Flatten(others);
        }
    }

    record Reshuffle(Wire in) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Reshuffle(inputs.get(0));
        }
    }

    record Windows(Wire in, Windowing windowing) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Windows(inputs.get(0), windowing);
        }
    }

    /** Groups the values of a key; what goes on is their sum and 100 for each. */
    record Group(Wire in) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Group(inputs.get(0));
        }
    }

    /** Combines the values of a key into their sum. */
    record Sum(Wire in) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Sum(inputs.get(0));
        }
    }

    enum View {
        LIST,
        MULTIMAP,
        SINGLETON
    }

    /** Adds to each value what it finds in a side input made of another wire. */
    record Lookup(Wire in, Wire side, View view) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in, side);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Lookup(inputs.get(0), inputs.get(1), view);
        }
    }

    /** Adds to each value what it finds in a side input that never changes: {@code a=1, b=2, b=3}. */
    record Constants(Wire in, View view) implements Node {
        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Constants(inputs.get(0), view);
        }
    }

    /** A DoFn with state, and with timers unless {@code stateOnly}; what it does is a few acts. */
    record Stateful(
            Wire in,
            boolean stateOnly,
            List<Act> onElement,
            List<Act> onFirst,
            List<Act> onSecond,
            List<Act> onWall,
            List<Act> onExpiry)
            implements Node {
        Stateful {
            onElement = List.copyOf(onElement);
            onFirst = List.copyOf(onFirst);
            onSecond = List.copyOf(onSecond);
            onWall = List.copyOf(onWall);
            onExpiry = List.copyOf(onExpiry);
        }

        @Override
        public List<Wire> inputs() {
            return List.of(in);
        }

        @Override
        public Node from(List<Wire> inputs) {
            return new Stateful(inputs.get(0), stateOnly, onElement, onFirst, onSecond, onWall, onExpiry);
        }

        /** Beam's timers remember their output timestamp when they are set twice in one call, which is no part of its model. */
        boolean isValid() {
            for (List<Act> acts : List.of(onElement, onFirst, onSecond, onWall)) {
                List<Alarm> set = acts.stream()
                        .map(act -> act instanceof When when ? when.act() : act)
                        .filter(act -> act instanceof Arm || act instanceof ArmRelative)
                        .map(act -> act instanceof Arm arm ? arm.alarm() : ((ArmRelative) act).alarm())
                        .toList();
                if (set.size() > Set.copyOf(set).size()) {
                    return false;
                }
            }
            return true;
        }
    }

    enum Cell {
        VALUE,
        BAG,
        SUM,
        SET,
        MAP
    }

    enum Alarm {
        FIRST,
        SECOND,
        WALL
    }

    /** Something that a DoFn with state does; in callbacks of timers, 1 takes the place of the element's value. */
    sealed interface Act extends Serializable permits Emit, Tell, Add, Forget, Arm, ArmRelative, Disarm, When {}

    record Emit() implements Act {}

    /** Emits a number that is made of all that the cell contains. */
    record Tell(Cell cell) implements Act {}

    record Add(Cell cell) implements Act {}

    record Forget(Cell cell) implements Act {}

    /**
     * Sets an event-time timer so much after the current timestamp, or after the window's end, at most to the window's expiry. In
     * callbacks it does so only for a later time within the window, and between {@link #FIRST_LOOP} and {@link #LAST_LOOP}, so that
     * loops end.
     *
     * @param held whether the current timestamp becomes the timer's output timestamp
     */
    record Arm(Alarm alarm, boolean fromEnd, long offset, boolean held) implements Act {}

    /** Sets a timer so much after the watermark, or after the clock, depending on the timer. */
    record ArmRelative(Alarm alarm, long offset) implements Act {}

    record Disarm(Alarm alarm) implements Act {}

    /** Acts only if the value can be divided by {@code divisor}. */
    record When(int divisor, Act act) implements Act {}

    static final long FIRST_LOOP = 0;
    static final long LAST_LOOP = 300;

    // ------------------------------------------------------------------------------------------------------- windowing

    enum Shape {
        GLOBAL,
        FIXED,
        SLIDING,
        SESSIONS
    }

    /**
     * How a wire is windowed.
     *
     * @param size of the windows, or the gap of sessions; 0 where they are global
     * @param period of sliding windows, 0 for others
     * @param merged whether sessions have been merged already, by a group before
     */
    record Windowing(
            Shape shape,
            long size,
            long period,
            Trigger trigger,
            long lateness,
            boolean accumulating,
            boolean alwaysCloses,
            boolean merged)
            implements Serializable {
        static final Windowing INITIAL = new Windowing(Shape.GLOBAL, 0, 0, new Default(), 0, false, false, false);

        boolean merges() {
            return shape == Shape.SESSIONS && !merged;
        }

        /** Whether Beam lets it be grouped: no window may wait for ever, and no trigger finish with data to come. */
        boolean canBeGrouped() {
            boolean waits = shape == Shape.GLOBAL && trigger instanceof Default;
            boolean finishes = trigger instanceof End || (trigger instanceof Ends ends && ends.late() == 0);
            return !waits && !(finishes && lateness > 0);
        }

        /** A lateness that has been granted is not taken back. */
        Windowing withLatenessAtLeast(long granted) {
            return new Windowing(
                    shape, size, period, trigger, Math.max(lateness, granted), accumulating, alwaysCloses, merged);
        }

        /** How the groups of this are windowed. */
        Windowing afterGroup() {
            return new Windowing(
                    shape,
                    size,
                    period,
                    trigger.continuation(),
                    lateness,
                    accumulating,
                    alwaysCloses,
                    merged || shape == Shape.SESSIONS);
        }
    }

    sealed interface Trigger extends Serializable permits Default, Count, End, Ends, Repeat, First, All, Each {
        /** What a group that follows a group uses. */
        Trigger continuation();
    }

    record Default() implements Trigger {
        @Override
        public Trigger continuation() {
            return this;
        }
    }

    record Count(int elements) implements Trigger {
        @Override
        public Trigger continuation() {
            return new Count(1);
        }
    }

    record End() implements Trigger {
        @Override
        public Trigger continuation() {
            return this;
        }
    }

    /** At the end of the window, with a trigger before it and one after it; 0 elements: none. */
    record Ends(int early, int late) implements Trigger {
        @Override
        public Trigger continuation() {
            return new Ends(Math.min(early, 1), Math.min(late, 1));
        }
    }

    record Repeat(Trigger repeated) implements Trigger {
        @Override
        public Trigger continuation() {
            return new Repeat(repeated.continuation());
        }
    }

    record First(List<Trigger> parts) implements Trigger {
        First {
            parts = List.copyOf(parts);
        }

        @Override
        public Trigger continuation() {
            return new First(parts.stream().map(Trigger::continuation).toList());
        }
    }

    record All(List<Trigger> parts) implements Trigger {
        All {
            parts = List.copyOf(parts);
        }

        @Override
        public Trigger continuation() {
            return new All(parts.stream().map(Trigger::continuation).toList());
        }
    }

    record Each(List<Trigger> parts) implements Trigger {
        Each {
            parts = List.copyOf(parts);
        }

        @Override
        public Trigger continuation() {
            return new Repeat(
                    new First(parts.stream().map(Trigger::continuation).toList()));
        }
    }

    /** How the wire is windowed. */
    Windowing windowing(Wire wire) {
        if (wire.node() == 0) {
            return Windowing.INITIAL;
        }
        Node node = nodes.get(wire.node() - 1);
        Windowing before = windowing(node.inputs().get(0));
        if (node instanceof Windows windows) {
            return windows.windowing().withLatenessAtLeast(before.lateness());
        }
        return node instanceof Group || node instanceof Sum ? before.afterGroup() : before;
    }

    /** Whether Beam accepts it, and its model says what the side inputs contain. */
    boolean isValid() {
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            int before = i;
            if (!node.inputs().stream().allMatch(wire -> exists(wire, before))) {
                return false;
            }
            Windowing in = windowing(node.inputs().get(0));
            boolean accepted = true;
            if (node instanceof Stateful stateful) {
                accepted = in.shape() != Shape.SESSIONS && stateful.isValid();
            } else if (node instanceof Flatten flatten) {
                accepted = flatten.inputs().stream()
                        .allMatch(wire -> windowing(wire).equals(in));
            } else if (node instanceof Group || node instanceof Sum) {
                accepted = in.canBeGrouped();
            } else if (node instanceof Lookup lookup) {
                Windowing side = windowing(lookup.side());
                boolean onePane = (side.trigger() instanceof Default || side.trigger() instanceof End)
                        && side.lateness() == 0
                        && !side.alwaysCloses();
                boolean mapped =
                        side.shape() == Shape.GLOBAL || (side.shape() == Shape.FIXED && in.shape() != Shape.GLOBAL);
                accepted = side.canBeGrouped() && onePane && mapped;
            }
            if (!accepted) {
                return false;
            }
        }
        return true;
    }

    private boolean exists(Wire wire, int nodesBefore) {
        return wire.node() <= nodesBefore
                && (wire.output() == 0 || (wire.node() > 0 && nodes.get(wire.node() - 1) instanceof Split));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nodes.size(); i++) {
            text.append("  n").append(i + 1).append(" = ").append(nodes.get(i)).append('\n');
        }
        return text + events.stream().map(event -> "  ▸ " + event).collect(Collectors.joining("\n"));
    }
}
