package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.Edge;
import dev.tidemark.runner.plan.Edge.Routing;
import dev.tidemark.runner.plan.GroupStrategy;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.Stage;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.AfterSynchronizedProcessingTime;
import org.apache.beam.sdk.transforms.windowing.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a list of steps into stages. A step joins the stage of its input, where elements reach it as plain calls, unless
 *
 * <ul>
 *   <li>its elements must go to the task that owns their key, or all to one, or be spread anew;
 *   <li>its inputs come from several stages;
 *   <li>it groups by a trigger that waits for the clock;
 *   <li>one of its side inputs is made in that stage or downstream of it: the stage would wait for itself.
 * </ul>
 *
 * <p>With one task per stage the first reason is none, and the exchange collapses into calls as well.
 */
final class Fusion {
    private static final class Group {
        final int id;
        final int shards;
        final List<Step> steps = new ArrayList<>();

        Group(int id, int shards) {
            this.id = id;
            this.shards = shards;
        }
    }

    private final List<Step> steps;
    private final Map<Integer, Wire> wires;
    private final int parallelism;
    private final List<Group> groups = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Map<Integer, Group> producerOf = new HashMap<>();
    /** By wire: the sources that its elements, or the side inputs on their way, come from. */
    private final Map<Integer, Set<Integer>> origins = new HashMap<>();

    Fusion(List<Step> steps, Map<Integer, Wire> wires, int parallelism) {
        this.steps = steps;
        this.wires = wires;
        this.parallelism = parallelism;
    }

    Plan plan() {
        steps.forEach(this::place);
        return new Plan(
                groups.stream()
                        .map(group -> new Stage(group.id, group.shards, group.steps))
                        .toList(),
                edges,
                wires,
                new StepFormats(wires).of(steps));
    }

    private void place(Step step) {
        Set<Integer> from = new HashSet<>();
        if (step instanceof Step.Source) {
            from.add(step.id());
        }
        step.inputs().forEach(wire -> from.addAll(originsOf(wire)));
        Group group = groupFor(step);
        group.steps.add(step);
        for (int wire : step.inputs()) {
            Group producer = producer(wire);
            if (producer != group) {
                connect(wire, producer, group, step, routing(step), keyCoder(step), false);
            }
        }
        for (int view : views(step)) {
            Set<Integer> mainOrigins = new HashSet<>(from);
            mainOrigins.retainAll(originsOf(view));
            boolean gate = isWhole(view) && mainOrigins.isEmpty();
            connect(view, producer(view), group, step, Routing.BROADCAST, null, gate);
        }
        views(step).forEach(view -> from.addAll(originsOf(view)));
        for (int wire : step.outputs()) {
            producerOf.put(wire, group);
            origins.put(wire, from);
        }
    }

    /** Whether the side input comes once for each window, when all of it is known: then it is worth waiting for. */
    private boolean isWhole(int viewWire) {
        Integer grouped = steps.stream()
                .filter(step -> step instanceof Step.View view && view.output() == viewWire)
                .map(step -> ((Step.View) step).input())
                .findFirst()
                .orElse(null);
        return steps.stream()
                .anyMatch(step -> step instanceof Step.GroupByKey group
                        && Objects.equals(group.output(), grouped)
                        && group.strategy() == GroupStrategy.AT_END_OF_INPUT);
    }

    private Group groupFor(Step step) {
        if (step instanceof Step.Source) {
            boolean single = !(step instanceof Step.BoundedRead || step instanceof Step.UnboundedRead);
            return newGroup(single ? 1 : parallelism);
        }
        Set<Group> producers = new HashSet<>();
        step.inputs().forEach(wire -> producers.add(producer(wire)));
        Group group = producers.iterator().next();
        boolean everythingToOne = step instanceof Step.GroupByKey grouping && grouping.keyCoder() == null;
        if (everythingToOne) {
            return producers.size() == 1 && group.shards == 1 ? group : newGroup(1);
        }
        if (producers.size() > 1 || waitsForItself(step, group)) {
            return newGroup(parallelism);
        }
        if (step instanceof Step.GroupByKey
                && firesByTheClock(wire(step.inputs().get(0)).windowing().getTrigger())) {
            return newGroup(parallelism);
        }
        boolean exchanges = step instanceof Step.GroupByKey
                || step instanceof Step.StatefulParDo
                || step instanceof Step.SplittableParDo
                || step instanceof Step.Redistribute;
        return exchanges && (parallelism > 1 || group.shards > 1) ? newGroup(parallelism) : group;
    }

    /** Whether panes come due by themselves: then user code that takes its time before this step must not be in their way. */
    private static boolean firesByTheClock(Trigger trigger) {
        return trigger instanceof AfterProcessingTime
                || trigger instanceof AfterSynchronizedProcessingTime
                || trigger.subTriggers().stream().anyMatch(Fusion::firesByTheClock);
    }

    /** Whether a side input of the step is made in the group, or somewhere that the group feeds. */
    private boolean waitsForItself(Step step, Group group) {
        for (int view : views(step)) {
            if (reaches(group.id, producer(view).id, new HashSet<>())) {
                return true;
            }
        }
        return false;
    }

    private boolean reaches(int from, int to, Set<Integer> seen) {
        if (from == to) {
            return true;
        }
        if (seen.add(from)) {
            for (Edge edge : edges) {
                if (edge.fromStage() == from && reaches(edge.toStage(), to, seen)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Group newGroup(int shards) {
        Group group = new Group(groups.size(), shards);
        groups.add(group);
        return group;
    }

    private void connect(
            int wire, Group from, Group to, Step step, Routing routing, @Nullable Coder<?> keyCoder, boolean gate) {
        edges.add(new Edge(edges.size(), wire, from.id, to.id, step.id(), routing, keyCoder, gate));
    }

    private static Routing routing(Step step) {
        if (step instanceof Step.GroupByKey grouping) {
            return grouping.keyCoder() == null ? Routing.FIRST : Routing.BY_KEY;
        }
        if (step instanceof Step.StatefulParDo) {
            return Routing.BY_KEY;
        }
        if (step instanceof Step.SplittableParDo) {
            return Routing.IN_TURN;
        }
        if (step instanceof Step.Redistribute redistribute) {
            return redistribute.keyCoder() == null ? Routing.SPREAD : Routing.BY_KEY;
        }
        return Routing.SPREAD;
    }

    private static @Nullable Coder<?> keyCoder(Step step) {
        if (step instanceof Step.GroupByKey grouping) {
            return grouping.keyCoder();
        }
        if (step instanceof Step.StatefulParDo parDo) {
            return parDo.keyCoder();
        }
        return step instanceof Step.Redistribute redistribute ? redistribute.keyCoder() : null;
    }

    private static List<Integer> views(Step step) {
        return step instanceof Step.Call call
                ? call.function().viewWires().keySet().stream().sorted().toList()
                : List.of();
    }

    private Group producer(int wire) {
        Group group = producerOf.get(wire);
        if (group == null) {
            throw new IllegalStateException("wire " + wire(wire).name() + " is read before it is filled");
        }
        return group;
    }

    private Set<Integer> originsOf(int wire) {
        return origins.getOrDefault(wire, Set.of());
    }

    private Wire wire(int id) {
        Wire wire = wires.get(id);
        if (wire == null) {
            throw new IllegalStateException("no wire " + id);
        }
        return wire;
    }
}
