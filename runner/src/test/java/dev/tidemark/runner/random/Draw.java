package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Case.Act;
import dev.tidemark.runner.random.Case.Add;
import dev.tidemark.runner.random.Case.Alarm;
import dev.tidemark.runner.random.Case.All;
import dev.tidemark.runner.random.Case.Arm;
import dev.tidemark.runner.random.Case.ArmRelative;
import dev.tidemark.runner.random.Case.Cell;
import dev.tidemark.runner.random.Case.Change;
import dev.tidemark.runner.random.Case.Clock;
import dev.tidemark.runner.random.Case.Constants;
import dev.tidemark.runner.random.Case.Count;
import dev.tidemark.runner.random.Case.Default;
import dev.tidemark.runner.random.Case.Disarm;
import dev.tidemark.runner.random.Case.Each;
import dev.tidemark.runner.random.Case.Elements;
import dev.tidemark.runner.random.Case.Emit;
import dev.tidemark.runner.random.Case.End;
import dev.tidemark.runner.random.Case.Ends;
import dev.tidemark.runner.random.Case.Event;
import dev.tidemark.runner.random.Case.Filter;
import dev.tidemark.runner.random.Case.First;
import dev.tidemark.runner.random.Case.Flatten;
import dev.tidemark.runner.random.Case.Forget;
import dev.tidemark.runner.random.Case.Group;
import dev.tidemark.runner.random.Case.Lookup;
import dev.tidemark.runner.random.Case.Node;
import dev.tidemark.runner.random.Case.Repeat;
import dev.tidemark.runner.random.Case.Reshuffle;
import dev.tidemark.runner.random.Case.Shape;
import dev.tidemark.runner.random.Case.Split;
import dev.tidemark.runner.random.Case.Stamped;
import dev.tidemark.runner.random.Case.Stateful;
import dev.tidemark.runner.random.Case.Sum;
import dev.tidemark.runner.random.Case.Tell;
import dev.tidemark.runner.random.Case.Trigger;
import dev.tidemark.runner.random.Case.View;
import dev.tidemark.runner.random.Case.Watermark;
import dev.tidemark.runner.random.Case.When;
import dev.tidemark.runner.random.Case.Windowing;
import dev.tidemark.runner.random.Case.Windows;
import dev.tidemark.runner.random.Case.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws a case from a seed: the same seed, the same case. */
final class Draw {
    private static final List<String> KEYS = List.of("a", "b", "c", "d");

    private final Random random;

    private Draw(long seed) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    }

    static Case fromSeed(long seed) {
        Draw draw = new Draw(seed);
        List<Event> events = draw.events();
        int size = 1 + draw.random.nextInt(6);
        Case drawn = new Case(List.of(), events);
        while (drawn.nodes().size() < size) {
            List<Node> nodes = new ArrayList<>(drawn.nodes());
            nodes.add(draw.node(drawn));
            Case next = new Case(nodes, events);
            if (next.isValid()) {
                drawn = next;
            }
        }
        return drawn;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    private <T> T oneOf(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }

    private <T extends Enum<T>> T oneOf(Class<T> type) {
        return oneOf(List.of(type.getEnumConstants()));
    }

    // ---------------------------------------------------------------------------------------------------------- events

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        int count = between(3, 14);
        // Beam's fixed windows are not what they say before the year 1970.
        long now = 100;
        long watermark = 90;
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(100);
            if (kind < 62) {
                List<Stamped> elements = new ArrayList<>();
                int size = chance(70) ? 1 : between(2, 5);
                for (int e = 0; e < size; e++) {
                    long time = chance(20) ? watermark - between(1, 30) : now + between(-2, 9);
                    elements.add(new Stamped(oneOf(KEYS), between(0, 9), time));
                }
                events.add(new Elements(elements));
            } else if (kind < 87) {
                watermark = Math.max(watermark + 1, chance(25) ? now + between(5, 60) : now + between(-6, 6));
                now = Math.max(now, watermark - 5);
                events.add(new Watermark(watermark));
            } else {
                events.add(new Clock(oneOf(List.of(4L, 5L, 6L, 10L, 20L))));
            }
            now += between(0, 6);
        }
        if (chance(70)) {
            events.add(new Clock(1000));
        }
        return events;
    }

    // ----------------------------------------------------------------------------------------------------------- nodes

    private Wire wire(Case so) {
        int node = chance(60) ? so.nodes().size() : random.nextInt(so.nodes().size() + 1);
        boolean second = node > 0 && so.nodes().get(node - 1) instanceof Split && chance(60);
        return new Wire(node, second ? 1 : 0);
    }

    private Node node(Case so) {
        if (so.nodes().isEmpty() && chance(70)) {
            return new Windows(Wire.SOURCE, windowing());
        }
        Wire in = wire(so);
        int kind = random.nextInt(100);
        if (kind < 7) {
            return new Change(in, between(0, 5), chance(60) ? between(1, 5) : 0);
        } else if (kind < 11) {
            return new Filter(in, 3, random.nextInt(3));
        } else if (kind < 17) {
            return new Split(in, between(1, 3));
        } else if (kind < 25) {
            List<Wire> inputs = new ArrayList<>(List.of(in));
            while (inputs.size() < 3 && chance(60)) {
                inputs.add(chance(25) ? in : wire(so));
            }
            return new Flatten(inputs);
        } else if (kind < 29) {
            return new Reshuffle(in);
        } else if (kind < 41) {
            return new Windows(in, windowing());
        } else if (kind < 55) {
            return new Group(in);
        } else if (kind < 62) {
            return new Sum(in);
        } else if (kind < 70) {
            return new Lookup(in, wire(so), oneOf(View.class));
        } else if (kind < 73) {
            return new Constants(in, oneOf(View.class));
        }
        return stateful(in);
    }

    private Windowing windowing() {
        Shape shape = oneOf(List.of(Shape.FIXED, Shape.FIXED, Shape.SLIDING, Shape.SESSIONS, Shape.GLOBAL));
        long size = switch (shape) {
            case GLOBAL -> 0;
            case FIXED -> oneOf(List.of(1L, 5L, 10L, 20L));
            case SLIDING -> oneOf(List.of(6L, 10L, 15L));
            case SESSIONS -> between(2, 10);
        };
        long period = shape == Shape.SLIDING ? oneOf(List.of(3L, 5L)) : 0;
        long lateness = chance(45) ? 0 : oneOf(List.of(3L, 10L, 25L, 100L));
        Trigger trigger = shape == Shape.SESSIONS ? new Default() : trigger(lateness);
        return new Windowing(shape, size, period, trigger, lateness, chance(50), chance(15), false);
    }

    private Trigger trigger(long lateness) {
        int kind = random.nextInt(100);
        if (kind < 35) {
            return new Default();
        } else if (kind < 42 && lateness == 0) {
            return new End();
        } else if (kind < 65) {
            return new Ends(between(0, 3), lateness == 0 ? between(0, 2) : between(1, 3));
        }
        return new Repeat(oneOf(List.<Trigger>of(
                new Count(1),
                new Count(between(1, 3)),
                new End(),
                new First(List.of(new Count(between(1, 3)), new End())),
                new First(List.of(new Count(between(2, 3)), new Count(between(2, 4)))),
                new All(List.of(new Count(between(1, 3)), new End())),
                new Each(List.of(new Count(between(1, 3)), new Count(between(1, 3)))))));
    }

    // ------------------------------------------------------------------------------------------------------------ acts

    private Stateful stateful(Wire in) {
        boolean stateOnly = chance(25);
        List<Act> onElement = acts(between(1, 5), false, stateOnly);
        if (stateOnly) {
            return new Stateful(in, true, onElement, List.of(), List.of(), List.of(), onExpiry());
        }
        return new Stateful(
                in,
                false,
                onElement,
                acts(between(1, 3), true, false),
                acts(between(1, 3), true, false),
                acts(between(1, 2), true, false),
                onExpiry());
    }

    private List<Act> onExpiry() {
        return chance(35) ? List.of(new Tell(oneOf(Cell.class))) : List.of();
    }

    private List<Act> acts(int count, boolean inCallback, boolean stateOnly) {
        List<Act> acts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Act act = act(inCallback, stateOnly);
            acts.add(!inCallback && chance(20) ? new When(between(2, 3), act) : act);
        }
        return acts;
    }

    private Act act(boolean inCallback, boolean stateOnly) {
        int kind = random.nextInt(stateOnly ? 60 : 100);
        if (kind < 25) {
            return new Add(oneOf(Cell.class));
        } else if (kind < 45) {
            return new Tell(oneOf(Cell.class));
        } else if (kind < 54) {
            return new Emit();
        } else if (kind < 60) {
            return new Forget(oneOf(Cell.class));
        } else if (kind < 82) {
            boolean fromEnd = chance(35);
            long offset = fromEnd ? between(-4, 4) : between(inCallback ? 1 : -3, 15);
            return new Arm(oneOf(List.of(Alarm.FIRST, Alarm.SECOND)), fromEnd, offset, chance(30));
        } else if (kind < 94) {
            Alarm alarm = inCallback || chance(50) ? Alarm.WALL : oneOf(Alarm.class);
            return new ArmRelative(alarm, oneOf(List.of(1L, 5L, 10L, 15L)));
        }
        return new Disarm(oneOf(Alarm.class));
    }
}
