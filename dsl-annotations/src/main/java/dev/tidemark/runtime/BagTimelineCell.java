package dev.tidemark.runtime;

import dev.tidemark.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.values.TimestampedValue;

/**
 * A {@link Timeline} over a {@link BagState}, for runners without ordered lists: what is read is sorted, and what is dropped
 * costs a rewrite of the rest.
 */
public final class BagTimelineCell<E> extends TimelineChanges<E, BagState<TimestampedValue<E>>> {
    @Override
    void read(BagState<TimestampedValue<E>> cell, long from, Consumer<TimestampedValue<E>> each) {
        for (TimestampedValue<E> entry : cell.read()) {
            if (entry.getTimestamp().getMillis() >= from) {
                each.accept(entry);
            }
        }
    }

    @Override
    long count(BagState<TimestampedValue<E>> cell, long from) {
        long count = 0;
        for (TimestampedValue<E> entry : cell.read()) {
            if (entry.getTimestamp().getMillis() >= from) {
                count++;
            }
        }
        return count;
    }

    @Override
    boolean isEmpty(BagState<TimestampedValue<E>> cell, long from) {
        return count(cell, from) == 0;
    }

    @Override
    void clear(BagState<TimestampedValue<E>> cell) {
        cell.clear();
    }

    @Override
    void dropBefore(BagState<TimestampedValue<E>> cell, long time) {
        List<TimestampedValue<E>> kept = new ArrayList<>();
        read(cell, time, kept::add);
        if (kept.size() < count(cell, Times.MIN)) {
            cell.clear();
            kept.forEach(cell::add);
        }
    }

    @Override
    void add(BagState<TimestampedValue<E>> cell, List<TimestampedValue<E>> entries) {
        entries.forEach(cell::add);
    }
}
