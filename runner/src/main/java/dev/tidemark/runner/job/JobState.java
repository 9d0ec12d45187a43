package dev.tidemark.runner.job;

/**
 * How a job stands. Every move is made under the job's lock; the last three are final.
 *
 * <pre>
 *   RUNNING ──► DONE | FAILED | CANCELLED
 * </pre>
 */
public enum JobState {
    RUNNING,
    DONE,
    FAILED,
    CANCELLED;

    public boolean isTerminal() {
        return this != RUNNING;
    }
}
