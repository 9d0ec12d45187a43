package dev.tidemark.runner.job;

/**
 * What a task is doing. The worker that has the task makes every move, so a move needs no lock.
 *
 * <pre>
 *   CREATED ──► WAITING ──► RUNNING ──► DRAINING ──► DONE
 *                              └──────► HALTED ────────┘
 * </pre>
 *
 * A failure is the job's business, not a state of its task: the whole attempt ends.
 */
enum TaskState {
    /** Nothing has been set up. */
    CREATED,
    /** Set up; a source waits until every other task is, too. */
    WAITING,
    /** At work. */
    RUNNING,
    /** Nothing more to do or to send; waits for the checkpoint that contains it. */
    DRAINING,
    /** Has taken part in the checkpoint after which the job stops: does nothing that would have to be done again. */
    HALTED,
    /** Closed. */
    DONE
}
