package dev.tidemark;

/** Whether a group emits a stream of rows or the latest row of each key. */
public enum OutputMode {
    /** Each row stands for itself. */
    APPEND,
    /** A row replaces the former row of its key, and closing the group deletes it: see {@link Upsert}. */
    UPDATE
}
