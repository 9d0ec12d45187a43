package dev.tidemark.runner.random;

import dev.tidemark.runner.random.Case.Act;
import dev.tidemark.runner.random.Case.Change;
import dev.tidemark.runner.random.Case.Constants;
import dev.tidemark.runner.random.Case.Default;
import dev.tidemark.runner.random.Case.Elements;
import dev.tidemark.runner.random.Case.Event;
import dev.tidemark.runner.random.Case.Flatten;
import dev.tidemark.runner.random.Case.Lookup;
import dev.tidemark.runner.random.Case.Node;
import dev.tidemark.runner.random.Case.Shape;
import dev.tidemark.runner.random.Case.Split;
import dev.tidemark.runner.random.Case.Stamped;
import dev.tidemark.runner.random.Case.Stateful;
import dev.tidemark.runner.random.Case.When;
import dev.tidemark.runner.random.Case.Windowing;
import dev.tidemark.runner.random.Case.Windows;
import dev.tidemark.runner.random.Case.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Makes a failing case smaller as long as it still fails. */
final class Shrink {
    private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(3);

    private Shrink() {}

    /** @param mostTries how often {@code fails} is asked at most; for no longer than a few minutes, too */
    static Case shrink(Case failing, Predicate<Case> fails, int mostTries) {
        Case smallest = failing;
        int tries = 0;
        long begin = System.nanoTime();
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (Case candidate : candidates(smallest)) {
                if (tries++ == mostTries || System.nanoTime() - begin > MOST_NANOS) {
                    return smallest;
                }
                if (fails.test(candidate)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    /** Cases that are simpler by one step, the bold steps first. */
    static List<Case> candidates(Case of) {
        List<Case> all = new ArrayList<>();
        for (int i = of.nodes().size() - 1; i >= 0; i--) {
            all.add(withoutNode(of, i));
        }
        for (int i = 0; i < of.events().size(); i++) {
            all.add(new Case(of.nodes(), without(of.events(), i)));
        }
        for (int i = 0; i < of.nodes().size(); i++) {
            for (Node simpler : simpler(of.nodes().get(i))) {
                all.add(new Case(with(of.nodes(), i, simpler), of.events()));
            }
        }
        for (int i = 0; i < of.events().size(); i++) {
            if (of.events().get(i) instanceof Elements elements) {
                for (Event simpler : simpler(elements)) {
                    all.add(new Case(of.nodes(), with(of.events(), i, simpler)));
                }
            }
        }
        all.removeIf(candidate -> !candidate.isValid());
        return all;
    }

    /** Who reads from the node reads from what it reads from instead. */
    private static Case withoutNode(Case of, int index) {
        Wire instead = of.nodes().get(index).inputs().get(0);
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < of.nodes().size(); i++) {
            if (i != index) {
                List<Wire> inputs = new ArrayList<>();
                for (Wire wire : of.nodes().get(i).inputs()) {
                    Wire moved = wire.node() == index + 1 ? instead : wire;
                    inputs.add(moved.node() > index + 1 ? new Wire(moved.node() - 1, moved.output()) : moved);
                }
                nodes.add(of.nodes().get(i).from(inputs));
            }
        }
        return new Case(nodes, of.events());
    }

    private static List<Node> simpler(Node node) {
        List<Node> simpler = new ArrayList<>();
        if (node instanceof Change change && change.keys() > 0) {
            simpler.add(new Change(change.in(), change.plus(), 0));
        } else if (node instanceof Split split && split.copies() > 1) {
            simpler.add(new Split(split.in(), 1));
        } else if (node instanceof Flatten flatten && flatten.inputs().size() > 1) {
            for (int i = 0; i < flatten.inputs().size(); i++) {
                simpler.add(new Flatten(without(flatten.inputs(), i)));
            }
        } else if (node instanceof Lookup lookup) {
            simpler.add(new Constants(lookup.in(), lookup.view()));
        } else if (node instanceof Windows windows) {
            for (Windowing each : simpler(windows.windowing())) {
                simpler.add(new Windows(windows.in(), each));
            }
        } else if (node instanceof Stateful stateful) {
            for (List<Act> acts : simpler(stateful.onElement())) {
                simpler.add(stateful(stateful, acts, stateful.onFirst(), stateful.onSecond(), stateful.onWall()));
            }
            for (List<Act> acts : simpler(stateful.onFirst())) {
                simpler.add(stateful(stateful, stateful.onElement(), acts, stateful.onSecond(), stateful.onWall()));
            }
            for (List<Act> acts : simpler(stateful.onSecond())) {
                simpler.add(stateful(stateful, stateful.onElement(), stateful.onFirst(), acts, stateful.onWall()));
            }
            for (List<Act> acts : simpler(stateful.onWall())) {
                simpler.add(stateful(stateful, stateful.onElement(), stateful.onFirst(), stateful.onSecond(), acts));
            }
            if (!stateful.onExpiry().isEmpty()) {
                simpler.add(new Stateful(
                        stateful.in(),
                        stateful.stateOnly(),
                        stateful.onElement(),
                        stateful.onFirst(),
                        stateful.onSecond(),
                        stateful.onWall(),
                        List.of()));
            }
        }
        return simpler;
    }

    private static Stateful stateful(
            Stateful of, List<Act> onElement, List<Act> onFirst, List<Act> onSecond, List<Act> onWall) {
        return new Stateful(of.in(), of.stateOnly(), onElement, onFirst, onSecond, onWall, of.onExpiry());
    }

    private static List<List<Act>> simpler(List<Act> acts) {
        List<List<Act>> simpler = new ArrayList<>();
        for (int i = 0; i < acts.size(); i++) {
            simpler.add(without(acts, i));
            if (acts.get(i) instanceof When when) {
                simpler.add(with(acts, i, when.act()));
            }
        }
        return simpler;
    }

    private static List<Windowing> simpler(Windowing of) {
        List<Windowing> simpler = new ArrayList<>();
        if (of.shape() != Shape.FIXED || of.size() != 10) {
            simpler.add(new Windowing(
                    Shape.FIXED, 10, 0, of.trigger(), of.lateness(), of.accumulating(), of.alwaysCloses(), false));
        }
        if (!(of.trigger() instanceof Default)) {
            simpler.add(new Windowing(
                    of.shape(),
                    of.size(),
                    of.period(),
                    new Default(),
                    of.lateness(),
                    of.accumulating(),
                    of.alwaysCloses(),
                    false));
        }
        if (of.lateness() > 0 && of.trigger() instanceof Default) {
            simpler.add(new Windowing(
                    of.shape(), of.size(), of.period(), of.trigger(), 0, of.accumulating(), of.alwaysCloses(), false));
        }
        if (of.accumulating()) {
            simpler.add(new Windowing(
                    of.shape(), of.size(), of.period(), of.trigger(), of.lateness(), false, of.alwaysCloses(), false));
        }
        if (of.alwaysCloses()) {
            simpler.add(new Windowing(
                    of.shape(), of.size(), of.period(), of.trigger(), of.lateness(), of.accumulating(), false, false));
        }
        return simpler;
    }

    private static List<Event> simpler(Elements elements) {
        List<Event> simpler = new ArrayList<>();
        for (int i = 0; i < elements.elements().size(); i++) {
            Stamped each = elements.elements().get(i);
            if (elements.elements().size() > 1) {
                simpler.add(new Elements(without(elements.elements(), i)));
            }
            if (!each.key().equals("a")) {
                simpler.add(new Elements(with(elements.elements(), i, new Stamped("a", each.value(), each.time()))));
            }
            if (each.value() > 1) {
                simpler.add(new Elements(with(elements.elements(), i, new Stamped(each.key(), 1, each.time()))));
            }
        }
        return simpler;
    }

    private static <T> List<T> without(List<T> list, int index) {
        List<T> copy = new ArrayList<>(list);
        copy.remove(index);
        return copy;
    }

    private static <T> List<T> with(List<T> list, int index, T replacement) {
        List<T> copy = new ArrayList<>(list);
        copy.set(index, replacement);
        return copy;
    }
}
