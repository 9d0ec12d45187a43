package dev.tidemark.runner.state;

import dev.tidemark.runner.time.Watermarks;
import java.util.TreeMap;

/**
 * The times that an operator's output watermark must not pass: a multiset with a cheap minimum. Owned by one task. What lies
 * beyond the end of time ("no output timestamp") holds nothing and is not kept.
 */
public final class Holds {
    private static final class Count {
        int value;
    }

    private final TreeMap<Long, Count> counts = new TreeMap<>();

    public void add(long millis) {
        if (millis < Watermarks.MAX) {
            counts.computeIfAbsent(millis, time -> new Count()).value++;
        }
    }

    /** Takes back one earlier {@link #add} of the same time. */
    public void remove(long millis) {
        if (millis >= Watermarks.MAX) {
            return;
        }
        Count count = counts.get(millis);
        if (count == null) {
            throw new IllegalStateException("no hold at " + millis + " to remove");
        }
        if (--count.value == 0) {
            counts.remove(millis);
        }
    }

    /** The smallest time held, or {@link Watermarks#MAX}. */
    public long minimum() {
        return counts.isEmpty() ? Watermarks.MAX : counts.firstKey();
    }
}
