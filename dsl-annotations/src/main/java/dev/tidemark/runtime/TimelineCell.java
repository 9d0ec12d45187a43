package dev.tidemark.runtime;

import dev.tidemark.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.values.TimestampedValue;
import org.jspecify.annotations.Nullable;

/** A {@link Timeline} over an {@link OrderedListState}: changes wait until the handler has returned. Owned by one DoFn. */
public final class TimelineCell<E> implements Timeline<E> {
    private final List<TimestampedValue<E>> added = new ArrayList<>();
    private @Nullable OrderedListState<E> state;
    private boolean cleared;
    private long dropped = Times.MIN;

    /** Binds the state of the group at hand; what a call that threw has left is forgotten. */
    public void open(OrderedListState<E> cell) {
        release();
        state = cell;
    }

    /** Puts in what an initial state holds. */
    public void take(@Nullable Timeline<E> initial) {
        if (initial != null) {
            initial.list().forEach(entry -> add(entry.time(), entry.value()));
        }
    }

    /** Applies what the handler did. */
    public void commit() {
        OrderedListState<E> cell = opened();
        if (cleared) {
            cell.clear();
        } else if (dropped > Times.MIN) {
            cell.clearRange(joda(Times.MIN), joda(dropped));
        }
        for (int i = 0; i < added.size(); i++) {
            cell.add(added.get(i));
        }
        release();
    }

    /** Forgets what the handler did. */
    public void release() {
        state = null;
        cleared = false;
        dropped = Times.MIN;
        added.clear();
    }

    /** Whether something was added since the last {@link #clear}. */
    public boolean isWritten() {
        return !added.isEmpty();
    }

    @Override
    public void add(Instant time, E value) {
        opened();
        Objects.requireNonNull(value, "a timeline holds no null");
        added.add(TimestampedValue.of(value, joda(millis(time))));
    }

    @Override
    public void dropBefore(Instant time) {
        opened();
        long millis = millis(time);
        dropped = Math.max(dropped, millis);
        added.removeIf(each -> each.getTimestamp().getMillis() < millis);
    }

    @Override
    public long countSince(Instant time) {
        long millis = millis(time);
        long count = 0;
        for (TimestampedValue<E> each : added) {
            if (each.getTimestamp().getMillis() >= millis) {
                count++;
            }
        }
        if (!cleared) {
            for (TimestampedValue<E> each : stored(millis)) {
                Objects.requireNonNull(each);
                count++;
            }
        }
        return count;
    }

    @Override
    public List<Entry<E>> since(Instant time) {
        long millis = millis(time);
        List<TimestampedValue<E>> all = new ArrayList<>();
        if (!cleared) {
            stored(millis).forEach(all::add);
        }
        for (TimestampedValue<E> each : added) {
            if (each.getTimestamp().getMillis() >= millis) {
                all.add(each);
            }
        }
        // Stable: of entries of one time, those stored come first, as they were added first.
        all.sort(Comparator.comparing(TimestampedValue::getTimestamp));
        List<Entry<E>> entries = new ArrayList<>(all.size());
        for (TimestampedValue<E> each : all) {
            entries.add(new Entry<>(Instant.ofEpochMilli(each.getTimestamp().getMillis()), each.getValue()));
        }
        return Collections.unmodifiableList(entries);
    }

    private Iterable<TimestampedValue<E>> stored(long from) {
        return opened().readRange(joda(Math.max(from, dropped)), joda(Times.MAX + 1));
    }

    @Override
    public List<Entry<E>> list() {
        return since(Instant.ofEpochMilli(Times.MIN));
    }

    @Override
    public boolean isEmpty() {
        return added.isEmpty() && (cleared || !stored(Times.MIN).iterator().hasNext());
    }

    @Override
    public void clear() {
        opened();
        cleared = true;
        added.clear();
    }

    private static long millis(Instant time) {
        return Times.clamp(Times.millis(Objects.requireNonNull(time, "a timeline knows no time null")));
    }

    private static org.joda.time.Instant joda(long millis) {
        return org.joda.time.Instant.ofEpochMilli(millis);
    }

    private OrderedListState<E> opened() {
        return Handles.opened(state);
    }
}
