package dev.tidemark.runner.plan;

import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one run, parsed and checked.
 *
 * @param parallelism tasks per stage
 * @param workers threads that run tasks; blocked ones get spares beside them
 * @param turnElements the most elements a task takes in before it finishes its bundle and lets others run
 * @param batchElements how many elements travel together between two tasks
 * @param checkpointIntervalMillis time between two checkpoints
 * @param stateMemoryBytes how much memory state may take, about, before it goes to disk
 * @param enforces whether what DoFns emit is checked: that coders can encode it, and that nobody changes it
 * @param progress how the job says on standard error how far it has come
 * @param tornDownAfterCommits after so many checkpoints an attempt is torn down, for another to go on from there; 0 for never. For tests
 * @param durability how the job outlives its process; null for one whose state ends with it
 * @param pipelineOptions the user's options, as DoFns see them
 */
public record RunOptions(
        String jobName,
        int parallelism,
        int workers,
        int turnElements,
        int batchElements,
        long checkpointIntervalMillis,
        long stateMemoryBytes,
        boolean enforces,
        ProgressStyle progress,
        int tornDownAfterCommits,
        @Nullable Durability durability,
        PipelineOptions pipelineOptions) {
    public RunOptions {
        check(parallelism >= 1 && parallelism <= KeyGroups.COUNT, "parallelism", parallelism);
        check(workers >= 1, "workers", workers);
        check(turnElements >= 1, "turnElements", turnElements);
        check(batchElements >= 1, "batchElements", batchElements);
        check(stateMemoryBytes >= 1, "stateMemoryBytes", stateMemoryBytes);
        check(checkpointIntervalMillis >= 1, "checkpointIntervalMillis", checkpointIntervalMillis);
    }

    /** The same with another time between two checkpoints. */
    public RunOptions withCheckpointInterval(long millis) {
        return new RunOptions(
                jobName,
                parallelism,
                workers,
                turnElements,
                batchElements,
                millis,
                stateMemoryBytes,
                enforces,
                progress,
                tornDownAfterCommits,
                durability,
                pipelineOptions);
    }

    /** The same for a job that is not torn down on purpose. */
    public RunOptions withoutTearingDown() {
        return new RunOptions(
                jobName,
                parallelism,
                workers,
                turnElements,
                batchElements,
                checkpointIntervalMillis,
                stateMemoryBytes,
                enforces,
                progress,
                0,
                durability,
                pipelineOptions);
    }

    /** Whether another attempt can go on from what this one has committed. */
    public boolean keepsState() {
        return durability != null || tornDownAfterCommits > 0;
    }

    private static void check(boolean ok, String name, long value) {
        if (!ok) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
