package dev.tidemark.runner.plan;

import java.util.List;

/**
 * Steps that one task executes together, producers first. Elements pass between them as plain calls.
 *
 * @param shards how many tasks run this stage side by side
 */
public record Stage(int id, int shards, List<Step> steps) {
    public Stage {
        steps = List.copyOf(steps);
    }

    /** What people read in logs and thread names: the first step's name. */
    public String name() {
        return steps.get(0).name();
    }

    /** Whether the stage begins with a source, and so needs no inbox to have work. */
    public boolean isSource() {
        return steps.get(0) instanceof Step.Source;
    }
}
