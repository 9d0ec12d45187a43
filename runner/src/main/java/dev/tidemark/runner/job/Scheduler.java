package dev.tidemark.runner.job;

/** Gives tasks their turns: on many threads, or on one in an order drawn from a seed. */
interface Scheduler {
    /** There is something to do for the task. Any thread; cheap when the task knows already. */
    void wake(Slot slot);

    /** Begins to give turns. Returns at once, or, for a scheduler without threads of its own, when the job is over. */
    void start();

    /** Gives no further turn. Does not wait. */
    void stop();

    /** Waits until no turn is under way, at most {@code millis}. Returns whether that is so. */
    boolean awaitStopped(long millis) throws InterruptedException;
}
