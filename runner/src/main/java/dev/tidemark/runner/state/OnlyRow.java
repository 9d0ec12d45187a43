package dev.tidemark.runner.state;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The row of a cell that has no more than one: whether it must be written or removed. Owned by its cell. */
final class OnlyRow {
    private boolean changed;
    private boolean stored;
    private int bytes;

    /** Notes that the cell holds something else, or nothing. */
    void change() {
        changed = true;
    }

    /** Notes that the row is there, as the cell is, and has so many bytes. */
    void restored(int length) {
        stored = true;
        bytes = length;
    }

    /** How many bytes the row had when it was last saved or restored. */
    int bytes() {
        return bytes;
    }

    /** Writes what has changed since the last time; {@code value} is asked only where it is needed, and null where there is none. */
    void save(CellRows rows, Supplier<byte @Nullable []> value) {
        if (!changed) {
            return;
        }
        changed = false;
        byte[] now = value.get();
        if (now != null) {
            rows.put(CellRows.ONLY, now);
        } else if (stored) {
            rows.delete(CellRows.ONLY);
        }
        stored = now != null;
        bytes = now == null ? 0 : now.length;
    }
}
