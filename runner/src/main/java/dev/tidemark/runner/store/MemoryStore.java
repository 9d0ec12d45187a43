package dev.tidemark.runner.store;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A store that lives as long as its owner keeps it. */
public final class MemoryStore implements Store {
    private final NavigableMap<byte[], byte[]> rows = new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private volatile long epoch;

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return rows.get(key);
    }

    @Override
    public byte @Nullable [] first(byte[] from, byte[] until) {
        byte[] first = rows.ceilingKey(from);
        return first == null || Arrays.compareUnsigned(first, until) >= 0 ? null : first;
    }

    @Override
    public void scanWhile(byte[] from, byte[] until, Taker taker) {
        for (Map.Entry<byte[], byte[]> row : rows.subMap(from, until).entrySet()) {
            if (!taker.row(row.getKey(), row.getValue())) {
                return;
            }
        }
    }

    @Override
    public void commit(long newEpoch, List<Changes> changes) {
        for (Changes each : changes) {
            each.forEach(new Changes.Visitor() {
                @Override
                public void change(byte[] key, byte @Nullable [] value) {
                    if (value == null) {
                        rows.remove(key);
                    } else {
                        rows.put(key, value);
                    }
                }

                @Override
                public void deleteRange(byte[] from, byte[] until) {
                    rows.subMap(from, until).clear();
                }
            });
        }
        epoch = newEpoch;
    }

    /** Nothing: no commit fails. */
    @Override
    public void settle() {}

    @Override
    public void close() {}
}
