package dev.tidemark;

/** What becomes of an event that comes too late for its group. */
public enum Late {
    /** It is dropped, and counted in {@code late.dropped}. */
    DROP,
    /** It goes to {@code late()} of the result. */
    EMIT,
    /** It is handled at once, out of order, with {@link Group#isLate()} true. */
    ACCEPT
}
