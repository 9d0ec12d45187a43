package dev.tidemark.runner.plan;

import java.util.List;
import java.util.Map;

/**
 * What a job will run: stages, the edges between them, the wires they carry. Immutable.
 *
 * @param formats in what form steps keep what outlives the process, by their numbers
 */
public record Plan(List<Stage> stages, List<Edge> edges, Map<Integer, Wire> wires, Map<Integer, StepFormat> formats) {
    public Plan {
        stages = List.copyOf(stages);
        edges = List.copyOf(edges);
        wires = Map.copyOf(wires);
        formats = Map.copyOf(formats);
    }

    /** In what form a step keeps what outlives the process. */
    public StepFormat format(Step step) {
        return formats.getOrDefault(step.id(), StepFormat.NONE);
    }

    /** Whether a {@code TestStream} drives the job, and with it the job's clock. */
    public boolean isDrivenByTest() {
        return stages.stream().anyMatch(stage -> stage.steps().get(0) instanceof Step.TestEvents);
    }

    /** Whether it is to run until somebody stops it. */
    public boolean isUnbounded() {
        return wires.values().stream().anyMatch(wire -> !wire.bounded());
    }

    /** Whether anybody waits to hear of checkpoints: a source that acknowledges, or a DoFn that finalizes its bundles. */
    public boolean awaitsCommits() {
        return stages.stream()
                .flatMap(stage -> stage.steps().stream())
                .anyMatch(step -> step instanceof Step.UnboundedRead
                        || (step instanceof Step.Call call && call.function().finalizesBundles()));
    }

    /**
     * Among how many the memory for state is shared: each step in each of its tasks that can do with less by moving what it has to disk.
     *
     * @param kept whether the job keeps its state: only then what a key remembers can leave memory
     */
    public int sharesOfMemory(boolean kept) {
        int shares = 0;
        for (Stage stage : stages) {
            for (Step step : stage.steps()) {
                boolean groupsAtEnd =
                        step instanceof Step.GroupByKey group && group.strategy() == GroupStrategy.AT_END_OF_INPUT;
                boolean remembersKeys = step instanceof Step.StatefulParDo || step instanceof Step.GroupByKey;
                if (groupsAtEnd || (kept && remembersKeys)) {
                    shares += stage.shards();
                }
            }
        }
        return shares;
    }

    /** The wire with this id. */
    public Wire wire(int id) {
        Wire wire = wires.get(id);
        if (wire == null) {
            throw new IllegalArgumentException("no wire " + id + " in a plan of " + wires.size());
        }
        return wire;
    }

    /** The edges that leave a stage, in the order of the plan. */
    public List<Edge> edgesFrom(int stage) {
        return edges.stream().filter(edge -> edge.fromStage() == stage).toList();
    }

    /** The edges that enter a stage, in the order of the plan. */
    public List<Edge> edgesInto(int stage) {
        return edges.stream().filter(edge -> edge.toStage() == stage).toList();
    }
}
