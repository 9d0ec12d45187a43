package dev.tidemark.runner.state;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** Values by timestamp; equal timestamps in the order they were added. */
public final class OrderedListCell<T> implements Cell, OrderedListState<T> {
    private final NavigableMap<Long, List<TimestampedValue<T>>> byTime = new TreeMap<>();

    @Override
    public void add(TimestampedValue<T> value) {
        byTime.computeIfAbsent(value.getTimestamp().getMillis(), time -> new ArrayList<>(1))
                .add(value);
    }

    @Override
    public Iterable<TimestampedValue<T>> read() {
        return copyOf(byTime);
    }

    @Override
    public Iterable<TimestampedValue<T>> readRange(Instant min, Instant limit) {
        return copyOf(range(min, limit));
    }

    @Override
    public void clearRange(Instant min, Instant limit) {
        range(min, limit).clear();
    }

    /** From {@code min}, which is in it, to {@code limit}, which is not. */
    private NavigableMap<Long, List<TimestampedValue<T>>> range(Instant min, Instant limit) {
        if (!min.isBefore(limit)) {
            return new TreeMap<>();
        }
        return byTime.subMap(min.getMillis(), true, limit.getMillis(), false);
    }

    private List<TimestampedValue<T>> copyOf(NavigableMap<Long, List<TimestampedValue<T>>> part) {
        List<TimestampedValue<T>> copy = new ArrayList<>();
        part.values().forEach(copy::addAll);
        return copy;
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new MapCell.LazyRead<>(byTime::isEmpty);
    }

    @Override
    public void clear() {
        byTime.clear();
    }

    @Override
    public boolean isVacant() {
        return byTime.isEmpty();
    }

    @Override
    public OrderedListState<T> readRangeLater(Instant min, Instant limit) {
        return this;
    }

    @Override
    public OrderedListState<T> readLater() {
        return this;
    }
}
