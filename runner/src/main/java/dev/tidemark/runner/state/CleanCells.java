package dev.tidemark.runner.state;

import org.jspecify.annotations.Nullable;

/**
 * The cells of the keys that the store has just as they are here, those first that have been left alone for the longest time: what can be
 * let go of when memory is short. A list through its members, so that one leaves it without a search. Owned by its table.
 */
final class CleanCells {
    private @Nullable Cells first;
    private @Nullable Cells last;

    /** Who has been here for the longest time, or null. */
    @Nullable
    Cells first() {
        return first;
    }

    /** Adds them behind all others. They are not in the list. */
    void add(Cells cells) {
        Cells before = last;
        cells.before = before;
        if (before == null) {
            first = cells;
        } else {
            before.after = cells;
        }
        last = cells;
        cells.clean = true;
    }

    /** Adds them before all others. They are not in the list. */
    void addFirst(Cells cells) {
        Cells after = first;
        cells.after = after;
        if (after == null) {
            last = cells;
        } else {
            after.before = cells;
        }
        first = cells;
        cells.clean = true;
    }

    /** Takes them out, if they are in. */
    void remove(Cells cells) {
        if (!cells.clean) {
            return;
        }
        Cells before = cells.before;
        Cells after = cells.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        cells.before = null;
        cells.after = null;
        cells.clean = false;
    }
}
