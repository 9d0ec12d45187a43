package dev.tidemark.runner.job;

/** What the job tells a task. Taken at one point of the task's turn, never in the middle of something else. */
sealed interface Message {
    /** Every task has been set up: sources may read. */
    record Begin() implements Message {}

    /** Checkpoint {@code epoch} begins: for tasks that no barrier can reach, because nothing flows to them. */
    record StartCheckpoint(long epoch) implements Message {}

    /** Sources read no more, and say that nothing will come: what is under way comes to its end. */
    record Drain() implements Message {}

    /** Whether what brings elements in is to wait: no checkpoint can be made, and what they bring in could not be either. */
    record Pause(boolean paused) implements Message {}

    /** The last checkpoint is durable: the task closes. */
    record Stop() implements Message {}

    /** Somebody wants to know how far the task has come: it puts its gauge where others can read it. */
    record SayHowFar() implements Message {}

    /** Checkpoint {@code epoch} is durable. */
    record CheckpointCommitted(long epoch) implements Message {}
}
