package dev.tidemark.runner.state;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.ReadableState;
import org.jspecify.annotations.Nullable;

/** A map whose keys are equal when their coder says so. What a returned state reads is the content when it is read. */
public final class MapCell<K, V> implements Cell, MapState<K, V> {
    private final Coder<K> keyCoder;
    private final Coder<V> valueCoder;
    private final Map<Object, Map.Entry<K, V>> entries = new LinkedHashMap<>();
    private final ChangedParts<Object, K> changed;

    /** @param kept whether the cell is going to be saved */
    public MapCell(Coder<K> keyCoder, Coder<V> valueCoder, boolean kept) {
        this.keyCoder = keyCoder;
        this.valueCoder = valueCoder;
        this.changed = new ChangedParts<>(kept);
    }

    @Override
    public Kind kind() {
        return Kind.MAP;
    }

    @Override
    public void put(K key, V value) {
        Object id = keyCoder.structuralValue(key);
        entries.put(id, new SimpleImmutableEntry<>(key, value));
        changed.add(id, key);
    }

    @Override
    @SuppressWarnings("NullAway") // Beam's contract: the state read is null where the key was absent
    public ReadableState<V> computeIfAbsent(K key, Function<? super K, ? extends V> mapping) {
        V before = valueOf(key);
        if (before == null) {
            V computed = mapping.apply(key);
            if (computed != null) {
                put(key, computed);
            }
        }
        return new LazyRead<>(() -> before);
    }

    @Override
    public void remove(K key) {
        Object id = keyCoder.structuralValue(key);
        entries.remove(id);
        changed.add(id, key);
    }

    @Override
    @SuppressWarnings("NullAway") // Beam's contract: absent reads as null
    public ReadableState<V> get(K key) {
        return new LazyRead<>(() -> valueOf(key));
    }

    @Override
    @SuppressWarnings("NullAway") // Beam's contract: the default may be null
    public ReadableState<V> getOrDefault(K key, @Nullable V defaultValue) {
        return new LazyRead<>(() -> {
            V value = valueOf(key);
            return value == null ? defaultValue : value;
        });
    }

    private @Nullable V valueOf(K key) {
        Map.Entry<K, V> entry = entries.get(keyCoder.structuralValue(key));
        return entry == null ? null : entry.getValue();
    }

    @Override
    public ReadableState<Iterable<K>> keys() {
        return new LazyRead<>(() -> {
            List<K> keys = new ArrayList<>(entries.size());
            entries.values().forEach(entry -> keys.add(entry.getKey()));
            return keys;
        });
    }

    @Override
    public ReadableState<Iterable<V>> values() {
        return new LazyRead<>(() -> {
            List<V> values = new ArrayList<>(entries.size());
            entries.values().forEach(entry -> values.add(entry.getValue()));
            return values;
        });
    }

    @Override
    public ReadableState<Iterable<Map.Entry<K, V>>> entries() {
        return new LazyRead<>(() -> new ArrayList<>(entries.values()));
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new LazyRead<>(entries::isEmpty);
    }

    @Override
    public void clear() {
        changed.addAll(entries, Map.Entry::getKey);
        entries.clear();
    }

    @Override
    public boolean isVacant() {
        return entries.isEmpty();
    }

    @Override
    public void save(CellRows rows) {
        for (Map.Entry<Object, K> part : changed.entries()) {
            byte[] name = CellRows.encode(keyCoder, part.getValue());
            Map.Entry<K, V> entry = entries.get(part.getKey());
            if (entry == null) {
                rows.delete(name);
            } else {
                byte[] value = CellRows.encode(valueCoder, entry.getValue());
                rows.put(name, value);
                changed.sized(name, value);
            }
        }
        changed.saved(rows, !entries.isEmpty());
    }

    @Override
    public long storedBytes() {
        return changed.bytesOf(entries.size());
    }

    @Override
    public void restore(StoredRows rows) {
        for (CellRows.Row row : changed.restored(rows)) {
            K key = CellRows.decode(keyCoder, row.name());
            entries.put(
                    keyCoder.structuralValue(key),
                    new SimpleImmutableEntry<>(key, CellRows.decode(valueCoder, row.value())));
        }
    }

    /** Reads when asked, not when made: Beam lets a handle see later writes. */
    record LazyRead<T>(Supplier<T> reader) implements ReadableState<T> {
        @Override
        public T read() {
            return reader.get();
        }

        @Override
        public ReadableState<T> readLater() {
            return this;
        }
    }
}
