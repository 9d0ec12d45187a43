package dev.tidemark.runner.state;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/** Values by timestamp; equal timestamps in the order they were added. */
public final class OrderedListCell<T> implements Cell, OrderedListState<T> {
    private final NavigableMap<Long, List<TimestampedValue<T>>> byTime = new TreeMap<>();

    private final Coder<T> coder;
    private final ChangedParts<Long, Long> changed;

    /** @param kept whether the cell is going to be saved */
    public OrderedListCell(Coder<T> coder, boolean kept) {
        this.coder = coder;
        this.changed = new ChangedParts<>(kept);
    }

    @Override
    public Kind kind() {
        return Kind.ORDERED_LIST;
    }

    @Override
    public void add(TimestampedValue<T> value) {
        changed.add(value.getTimestamp().getMillis(), value.getTimestamp().getMillis());
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
        NavigableMap<Long, List<TimestampedValue<T>>> cleared = range(min, limit);
        cleared.keySet().forEach(time -> changed.add(time, time));
        cleared.clear();
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
        byTime.keySet().forEach(time -> changed.add(time, time));
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

    @Override
    public void save(CellRows rows) {
        for (Map.Entry<Long, Long> part : changed.entries()) {
            byte[] name = ByteBuffer.allocate(Long.BYTES).putLong(part.getKey()).array();
            List<TimestampedValue<T>> values = byTime.get(part.getKey());
            if (values == null) {
                rows.delete(name);
            } else {
                List<T> bare = new ArrayList<>(values.size());
                values.forEach(each -> bare.add(each.getValue()));
                byte[] page = BagCell.encodeAll(coder, bare);
                rows.put(name, page);
                changed.sized(name, page);
            }
        }
        changed.saved(rows, !byTime.isEmpty());
    }

    @Override
    public long storedBytes() {
        return changed.bytesOf(byTime.size());
    }

    @Override
    public void restore(StoredRows rows) {
        for (CellRows.Row row : changed.restored(rows)) {
            long time = ByteBuffer.wrap(row.name()).getLong();
            List<TimestampedValue<T>> values = new ArrayList<>();
            for (T value : BagCell.decodeAll(coder, row.value())) {
                values.add(TimestampedValue.of(value, Instant.ofEpochMilli(time)));
            }
            byTime.put(time, values);
        }
    }
}
