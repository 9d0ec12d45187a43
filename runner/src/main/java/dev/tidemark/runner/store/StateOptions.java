package dev.tidemark.runner.store;

import org.jspecify.annotations.Nullable;

/**
 * How a job's state is kept.
 *
 * @param retained how many checkpoints are kept beside the live state, for the day it is damaged; at least 1
 * @param retainEvery one of so many commits is followed by a retained checkpoint; at least 1
 * @param memoryBytes what RocksDB's cache and write buffers may take together
 * @param restore what the job begins with
 * @param savepoint where {@code restore} is {@link Restore#SAVEPOINT}: which
 */
public record StateOptions(
        int retained,
        int retainEvery,
        long memoryBytes,
        Restore restore,
        @Nullable String savepoint) {
    private static final int RETAINED = 3;
    private static final int RETAIN_EVERY = 60;
    private static final long MEMORY = 128L << 20;
    private static final long LEAST_MEMORY = 1L << 20;

    /** What a job begins with. */
    public enum Restore {
        /** With what it last committed; where that is damaged, with the newest retained checkpoint that is whole. */
        AUTO,
        /** With nothing. What was there is set aside. */
        NONE,
        /** With a savepoint. What was there is set aside. */
        SAVEPOINT
    }

    public StateOptions {
        if (retained < 1 || retainEvery < 1 || memoryBytes < LEAST_MEMORY) {
            throw new IllegalArgumentException(
                    "retained " + retained + ", every " + retainEvery + ", memory " + memoryBytes);
        }
        if ((restore == Restore.SAVEPOINT) != (savepoint != null)) {
            throw new IllegalArgumentException(restore + " and savepoint " + savepoint);
        }
    }

    /** Three retained checkpoints, one every 60 commits; 128 MiB; begins with what was last committed. */
    public static StateOptions defaults() {
        return new StateOptions(RETAINED, RETAIN_EVERY, MEMORY, Restore.AUTO, null);
    }

    public StateOptions withRetained(int count, int every) {
        return new StateOptions(count, every, memoryBytes, restore, savepoint);
    }

    public StateOptions withMemoryBytes(long bytes) {
        return new StateOptions(retained, retainEvery, bytes, restore, savepoint);
    }

    /** Begins with nothing. */
    public StateOptions withoutRestore() {
        return new StateOptions(retained, retainEvery, memoryBytes, Restore.NONE, null);
    }

    /** Begins with a savepoint. */
    public StateOptions from(String path) {
        return new StateOptions(retained, retainEvery, memoryBytes, Restore.SAVEPOINT, path);
    }
}
