package dev.tidemark.runner.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A binary heap whose entries know their place, so that any of them can be moved or taken out in logarithmic time. */
final class TimerHeap {
    private TimerEntry[] entries = new TimerEntry[16];
    private int size;

    @Nullable
    TimerEntry first() {
        return size == 0 ? null : entries[0];
    }

    int size() {
        return size;
    }

    void add(TimerEntry entry) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, size * 2);
        }
        place(entry, size++);
        rise(entry);
    }

    /** Restores the order after the entry's time has changed. */
    void moved(TimerEntry entry) {
        rise(entry);
        sink(entry);
    }

    @SuppressWarnings("NullAway") // a free slot holds nothing, lest it keep a key alive
    void remove(TimerEntry entry) {
        int hole = entry.position;
        TimerEntry last = entries[--size];
        entries[size] = null;
        if (last != entry) {
            place(last, hole);
            moved(last);
        }
    }

    private void rise(TimerEntry entry) {
        int at = entry.position;
        while (at > 0) {
            TimerEntry parent = entries[(at - 1) >>> 1];
            if (!entry.isBefore(parent)) {
                break;
            }
            int above = parent.position;
            place(parent, at);
            at = above;
        }
        place(entry, at);
    }

    private void sink(TimerEntry entry) {
        int at = entry.position;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && entries[child + 1].isBefore(entries[child])) {
                child++;
            }
            if (!entries[child].isBefore(entry)) {
                break;
            }
            place(entries[child], at);
            at = child;
        }
        place(entry, at);
    }

    private void place(TimerEntry entry, int position) {
        entries[position] = entry;
        entry.position = position;
    }
}
