package dev.tidemark;

import java.time.Instant;

/**
 * The group that a handler works for. Valid, like every handle, until the handler returns; for the thread of the handler
 * only.
 */
public interface Group {

    /** Whether the group did not exist before this call. */
    boolean isNew();

    /** Whether the event is out of order beyond the lateness: only with {@link Late#ACCEPT}. */
    boolean isLate();

    /**
     * The time of the event, or of the timeout that fired, in milliseconds precision. For a timeout by the wall clock it is
     * that of the latest event, which its output carries, or the end of the window.
     */
    Instant eventTime();

    /**
     * Forgets the state and the timeout of the group. What is written after this, in the same call, opens the group anew.
     */
    void close();
}
