package dev.tidemark.runner.plan;

import org.jspecify.annotations.Nullable;

/** What a row that a step keeps is of. The numbers are part of the format of checkpoints. */
public enum RowKind {
    /** One row per key group and shard: how far the step has come. */
    PROGRESS(1),
    /** The cells of a key in a window. */
    CELL(2),
    /** A pending timer. */
    TIMER(3),
    /** An element that waits for its side inputs. */
    PUSHED_BACK(4),
    /** How far a split has been read. */
    SPLIT(5),
    /** A pane of a side input. */
    VIEW(6),
    // 7 was never written.
    /** Into how many parts a source was split. */
    SPLITTING(8),
    /** Records that a source may deliver again. */
    SEEN(9),
    /** An element that waits for those before it in time. */
    UNSORTED(10),
    /** An element with what is left of its restriction. */
    RESTRICTION(11),
    /** What has been counted. */
    METRICS(12),
    /** An element that waits to be part of a checkpoint. */
    UNSTABLE(13),
    /** A file that is to get its name yet. */
    TEMPORARY(14);

    private final byte number;

    RowKind(int number) {
        this.number = (byte) number;
    }

    /** What stands for the kind in the key of a row. */
    public byte number() {
        return number;
    }

    /**
     * Whether a row of this kind says only how far its step had come, what it had counted, or which files it had made: nothing is lost with
     * it.
     */
    public boolean isBookkeeping() {
        return this == PROGRESS || this == METRICS || this == TEMPORARY;
    }

    /** The kind with this number, or null where there is none. */
    public static @Nullable RowKind of(byte number) {
        for (RowKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        return null;
    }
}
