package dev.tidemark.runtime;

import dev.tidemark.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.TimestampedValue;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Timeline} whose changes wait until the handler has returned, over a state {@code S} that keeps the entries. Owned by
 * one DoFn.
 */
abstract sealed class TimelineChanges<E, S> implements Timeline<E> permits TimelineCell, BagTimelineCell {
    private final List<TimestampedValue<E>> added = new ArrayList<>();
    private @Nullable S state;
    private boolean cleared;
    private long dropped = Times.MIN;

    /** Gives {@code each} every entry kept at or after {@code from}, those of one time in the order they were added in. */
    abstract void read(S cell, long from, Consumer<TimestampedValue<E>> each);

    /** How many entries are kept at or after {@code from}. */
    abstract long count(S cell, long from);

    /** Whether there is no entry at or after {@code from}. */
    abstract boolean isEmpty(S cell, long from);

    /** Removes everything. */
    abstract void clear(S cell);

    /** Removes every entry before {@code time}. */
    abstract void dropBefore(S cell, long time);

    /** Adds the entries, in the order they were added in. */
    abstract void add(S cell, List<TimestampedValue<E>> entries);

    /** Binds the state of the group at hand; what a call that threw has left is forgotten. */
    public final void open(S cell) {
        release();
        state = cell;
    }

    /** Puts in what an initial state holds. */
    public final void take(@Nullable Timeline<E> initial) {
        if (initial != null) {
            initial.list().forEach(entry -> add(entry.time(), entry.value()));
        }
    }

    /** Applies what the handler did. */
    public final void commit() {
        S cell = opened();
        if (cleared) {
            clear(cell);
        } else if (dropped > Times.MIN) {
            dropBefore(cell, dropped);
        }
        if (!added.isEmpty()) {
            add(cell, added);
        }
        release();
    }

    /** Forgets what the handler did. */
    public final void release() {
        state = null;
        cleared = false;
        dropped = Times.MIN;
        added.clear();
    }

    /** Whether something was added since the last {@link #clear}. */
    public final boolean isWritten() {
        return !added.isEmpty();
    }

    @Override
    public final void add(Instant time, E value) {
        opened();
        Objects.requireNonNull(value, "a timeline holds no null");
        added.add(TimestampedValue.of(value, joda(millis(time))));
    }

    @Override
    public final void dropBefore(Instant time) {
        opened();
        long millis = millis(time);
        dropped = Math.max(dropped, millis);
        added.removeIf(each -> each.getTimestamp().getMillis() < millis);
    }

    @Override
    public final long countSince(Instant time) {
        long millis = millis(time);
        long count = cleared ? 0 : count(opened(), Math.max(millis, dropped));
        for (TimestampedValue<E> each : added) {
            if (each.getTimestamp().getMillis() >= millis) {
                count++;
            }
        }
        return count;
    }

    @Override
    public final List<Entry<E>> since(Instant time) {
        long millis = millis(time);
        List<TimestampedValue<E>> all = new ArrayList<>();
        if (!cleared) {
            read(opened(), Math.max(millis, dropped), all::add);
        }
        for (TimestampedValue<E> each : added) {
            if (each.getTimestamp().getMillis() >= millis) {
                all.add(each);
            }
        }
        // Stable: of entries of one time, those kept come first, as they were added first.
        all.sort(Comparator.comparing(TimestampedValue::getTimestamp));
        List<Entry<E>> entries = new ArrayList<>(all.size());
        for (TimestampedValue<E> each : all) {
            entries.add(new Entry<>(Instant.ofEpochMilli(each.getTimestamp().getMillis()), each.getValue()));
        }
        return Collections.unmodifiableList(entries);
    }

    @Override
    public final List<Entry<E>> list() {
        return since(Instant.ofEpochMilli(Times.MIN));
    }

    @Override
    public final boolean isEmpty() {
        return added.isEmpty() && (cleared || isEmpty(opened(), dropped));
    }

    @Override
    public final void clear() {
        opened();
        cleared = true;
        added.clear();
    }

    private static long millis(Instant time) {
        return Times.clamp(Times.millis(Objects.requireNonNull(time, "a timeline knows no time null")));
    }

    static org.joda.time.Instant joda(long millis) {
        return org.joda.time.Instant.ofEpochMilli(millis);
    }

    private S opened() {
        return Handles.opened(state);
    }
}
