package dev.tidemark.runner.store;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store that lives as long as its job. Owned by one thread at a time. */
public final class MemoryStore implements Store {
    private final TreeMap<String, byte[]> rows = new TreeMap<>();

    @Override
    public void write(Map<String, byte[]> batch) {
        batch.forEach((row, value) -> rows.put(row, value.clone()));
    }

    @Override
    public byte @Nullable [] get(String row) {
        byte[] value = rows.get(row);
        return value == null ? null : value.clone();
    }

    @Override
    public Map<String, byte[]> scan(String prefix) {
        SortedMap<String, byte[]> found = new TreeMap<>();
        for (Map.Entry<String, byte[]> row : rows.tailMap(prefix).entrySet()) {
            if (!row.getKey().startsWith(prefix)) {
                break;
            }
            found.put(row.getKey(), row.getValue().clone());
        }
        return found;
    }

    @Override
    public void close() {
        rows.clear();
    }
}
