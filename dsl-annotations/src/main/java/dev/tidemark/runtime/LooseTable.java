package dev.tidemark.runtime;

import dev.tidemark.Table;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link Table} of an initial state, or of a state that is looked at. In the order in which keys were put. Tied to no cell. Not thread-safe. */
public final class LooseTable<K, V> implements Table<K, V> {
    private final Map<K, V> entries = new LinkedHashMap<>();

    @Override
    public @Nullable V get(K key) {
        return entries.get(key);
    }

    @Override
    public boolean contains(K key) {
        return entries.containsKey(key);
    }

    @Override
    public void put(K key, V value) {
        entries.put(
                Objects.requireNonNull(key, "a table holds no key null"),
                Objects.requireNonNull(value, "a table holds no null"));
    }

    @Override
    public void remove(K key) {
        entries.remove(key);
    }

    @Override
    public List<K> keys() {
        return List.copyOf(entries.keySet());
    }

    @Override
    public Map<K, V> map() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public String toString() {
        return map().toString();
    }
}
