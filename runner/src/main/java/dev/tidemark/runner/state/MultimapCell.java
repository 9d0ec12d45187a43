package dev.tidemark.runner.state;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.MultimapState;
import org.apache.beam.sdk.state.ReadableState;

/** Several values per key, in the order they were put. */
public final class MultimapCell<K, V> implements Cell, MultimapState<K, V> {
    private record Group<K, V>(K key, List<V> values) {}

    private final Coder<K> keyCoder;
    private final Coder<V> valueCoder;
    private final Map<Object, Group<K, V>> groups = new LinkedHashMap<>();
    private final ChangedParts<Object, K> changed;

    /** @param kept whether the cell is going to be saved */
    public MultimapCell(Coder<K> keyCoder, Coder<V> valueCoder, boolean kept) {
        this.keyCoder = keyCoder;
        this.valueCoder = valueCoder;
        this.changed = new ChangedParts<>(kept);
    }

    @Override
    public Kind kind() {
        return Kind.MULTIMAP;
    }

    @Override
    public void put(K key, V value) {
        Object id = keyCoder.structuralValue(key);
        groups.computeIfAbsent(id, unseen -> new Group<>(key, new ArrayList<>()))
                .values()
                .add(value);
        changed.add(id, key);
    }

    @Override
    public ReadableState<Iterable<V>> get(K key) {
        return new MapCell.LazyRead<>(() -> {
            Group<K, V> group = groups.get(keyCoder.structuralValue(key));
            return group == null ? List.of() : new ArrayList<>(group.values());
        });
    }

    @Override
    public void remove(K key) {
        Object id = keyCoder.structuralValue(key);
        groups.remove(id);
        changed.add(id, key);
    }

    @Override
    public ReadableState<Iterable<K>> keys() {
        return new MapCell.LazyRead<>(() -> {
            List<K> keys = new ArrayList<>(groups.size());
            groups.values().forEach(group -> keys.add(group.key()));
            return keys;
        });
    }

    @Override
    public ReadableState<Iterable<Map.Entry<K, V>>> entries() {
        return new MapCell.LazyRead<>(() -> {
            List<Map.Entry<K, V>> entries = new ArrayList<>();
            for (Group<K, V> group : groups.values()) {
                group.values().forEach(value -> entries.add(new SimpleImmutableEntry<>(group.key(), value)));
            }
            return entries;
        });
    }

    @Override
    public ReadableState<Boolean> containsKey(K key) {
        return new MapCell.LazyRead<>(() -> groups.containsKey(keyCoder.structuralValue(key)));
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new MapCell.LazyRead<>(groups::isEmpty);
    }

    @Override
    public void clear() {
        changed.addAll(groups, Group::key);
        groups.clear();
    }

    @Override
    public boolean isVacant() {
        return groups.isEmpty();
    }

    @Override
    public void save(CellRows rows) {
        for (Map.Entry<Object, K> part : changed.entries()) {
            byte[] name = CellRows.encode(keyCoder, part.getValue());
            Group<K, V> group = groups.get(part.getKey());
            if (group == null) {
                rows.delete(name);
            } else {
                byte[] values = BagCell.encodeAll(valueCoder, group.values());
                rows.put(name, values);
                changed.sized(name, values);
            }
        }
        changed.saved(rows, !groups.isEmpty());
    }

    @Override
    public long storedBytes() {
        return changed.bytesOf(groups.size());
    }

    @Override
    public void restore(StoredRows rows) {
        for (CellRows.Row row : changed.restored(rows)) {
            K key = CellRows.decode(keyCoder, row.name());
            groups.put(keyCoder.structuralValue(key), new Group<>(key, BagCell.decodeAll(valueCoder, row.value())));
        }
    }
}
