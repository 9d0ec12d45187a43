package dev.tidemark.runner.operator;

/** The door to the disk for {@link SyncFilesOperator}. Files of other machines are passed over. Thread-safe. */
public interface WrittenFilesSync {
    /** Makes a new file durable. */
    void sync(String file);

    /** Makes the new name of a durable file durable. */
    void syncName(String file);
}
