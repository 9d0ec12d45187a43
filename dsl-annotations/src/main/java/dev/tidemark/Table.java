package dev.tidemark;

import dev.tidemark.runtime.LooseTable;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A field of the state that maps keys to values. One entry is read and written without the others. A handler sees its own
 * changes. A value that was read must not be changed in place: put a new one.
 *
 * @param <K> a storable type with a deterministic encoding, like a key
 * @param <V> a storable type
 */
public interface Table<K, V> {

    /** A table outside any group: for an initial state. */
    static <K, V> Table<K, V> of(Map<K, V> entries) {
        Table<K, V> table = new LooseTable<>();
        entries.forEach(table::put);
        return table;
    }

    /** The value of a key, null if there is none. */
    @Nullable
    V get(K key);

    /** The value of a key, or {@code other} if there is none. */
    default V getOr(K key, V other) {
        V value = get(key);
        return value == null ? other : value;
    }

    /** Whether the key has a value. */
    boolean contains(K key);

    /** Sets the value of a key; null is refused with a {@link NullPointerException}. */
    void put(K key, V value);

    /** Sets the value of a key to {@code value}, or to what {@code both} makes of the former value and this one. */
    default void merge(K key, V value, BinaryOperator<V> both) {
        V former = get(key);
        put(key, former == null ? value : both.apply(former, value));
    }

    /** Removes a key and its value, if there is one. */
    void remove(K key);

    /** All keys, in the order of their encoded bytes; the same on every runner. Reads the whole table. */
    List<K> keys();

    /** All entries, in the order of {@link #keys()}, as an unmodifiable map; reads the whole table. */
    Map<K, V> map();

    /** Whether there is no entry. */
    boolean isEmpty();

    /** Removes all entries. */
    void clear();
}
