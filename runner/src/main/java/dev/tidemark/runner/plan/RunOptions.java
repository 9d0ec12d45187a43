package dev.tidemark.runner.plan;

import org.apache.beam.sdk.options.PipelineOptions;

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
                pipelineOptions);
    }

    private static void check(boolean ok, String name, long value) {
        if (!ok) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
