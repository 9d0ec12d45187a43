package dev.tidemark.runtime;

import dev.tidemark.Table;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.state.MapState;
import org.jspecify.annotations.Nullable;

/** A {@link Table} over a {@link MapState}: changes wait until the handler has returned. Owned by one DoFn. */
public final class TableCell<K, V> implements Table<K, V> {
    private final Wire<K> keyWire;
    /** The keys changed by the handler at hand, with their values; empty for those removed. */
    private final Map<K, Optional<V>> changes = new LinkedHashMap<>();

    private @Nullable MapState<K, V> state;
    private boolean cleared;

    /** The encoding of the keys gives the order of {@link #keys}. */
    public TableCell(Wire<K> keyWire) {
        this.keyWire = keyWire;
    }

    /** Binds the state of the group at hand; what a call that threw has left is forgotten. */
    public void open(MapState<K, V> cell) {
        release();
        state = cell;
    }

    /** Puts in what an initial state holds. */
    public void take(@Nullable Table<K, V> initial) {
        if (initial != null) {
            initial.map().forEach(this::put);
        }
    }

    /** Applies what the handler did. */
    public void commit() {
        MapState<K, V> cell = opened();
        if (cleared) {
            cell.clear();
        }
        for (Map.Entry<K, Optional<V>> change : changes.entrySet()) {
            Optional<V> value = change.getValue();
            if (value.isPresent()) {
                cell.put(change.getKey(), value.get());
            } else if (!cleared) {
                cell.remove(change.getKey());
            }
        }
        release();
    }

    /** Forgets what the handler did. */
    public void release() {
        state = null;
        cleared = false;
        if (!changes.isEmpty()) {
            changes.clear();
        }
    }

    /** Whether something was put since the last {@link #clear}. */
    public boolean isWritten() {
        for (Optional<V> change : changes.values()) {
            if (change.isPresent()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public @Nullable V get(K key) {
        Optional<V> change = changes.get(key);
        if (change != null) {
            return change.orElse(null);
        }
        return cleared ? null : opened().get(key).read();
    }

    @Override
    public boolean contains(K key) {
        return get(key) != null;
    }

    @Override
    public void put(K key, V value) {
        opened();
        changes.put(
                Objects.requireNonNull(key, "a table holds no key null"),
                Optional.of(Objects.requireNonNull(value, "a table holds no null")));
    }

    @Override
    public void remove(K key) {
        opened();
        changes.put(Objects.requireNonNull(key, "a table holds no key null"), Optional.empty());
    }

    @Override
    public List<K> keys() {
        return List.copyOf(map().keySet());
    }

    @Override
    public Map<K, V> map() {
        Map<byte[], Map.Entry<K, V>> byBytes = new TreeMap<>(Arrays::compareUnsigned);
        if (!cleared) {
            for (Map.Entry<K, V> each : opened().entries().read()) {
                if (!changes.containsKey(each.getKey())) {
                    byBytes.put(Handles.content(keyWire, each.getKey()), Map.entry(each.getKey(), each.getValue()));
                }
            }
        }
        changes.forEach((key, value) ->
                value.ifPresent(present -> byBytes.put(Handles.content(keyWire, key), Map.entry(key, present))));
        Map<K, V> sorted = new LinkedHashMap<>();
        for (Map.Entry<K, V> each : byBytes.values()) {
            sorted.put(each.getKey(), each.getValue());
        }
        return Collections.unmodifiableMap(sorted);
    }

    @Override
    public boolean isEmpty() {
        if (isWritten()) {
            return false;
        }
        return changes.isEmpty() ? cleared || opened().isEmpty().read() : map().isEmpty();
    }

    @Override
    public void clear() {
        opened();
        cleared = true;
        changes.clear();
    }

    private MapState<K, V> opened() {
        return Handles.opened(state);
    }
}
