package dev.tidemark.runner.operator;

/** The door to the disk for steps that write files of the pipeline's. Files of other machines are passed over. Thread-safe. */
public interface OutputFiles {
    /** Makes a new file durable. */
    void sync(String file);

    /** Makes the new name of a durable file durable. */
    void syncName(String file);

    /** Whether a file is there, on this machine. */
    boolean isThere(String file);

    /** What the directories are called in which the job has its temporary files, and nobody else any. */
    String temporaryName();
}
