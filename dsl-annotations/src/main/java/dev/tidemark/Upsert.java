package dev.tidemark;

import org.jspecify.annotations.Nullable;

/**
 * A change to a table of rows by key: the last one of a key wins.
 *
 * @param key the key of the group
 * @param row the row that replaces the former one; null deletes it
 * @param <K> the key of the group
 * @param <O> the output of the group
 */
public record Upsert<K, O>(K key, @Nullable O row) {

    /** A row that replaces the former row of its key. */
    public static <K, O> Upsert<K, O> row(K key, O row) {
        return new Upsert<>(key, row);
    }

    /** The deletion of the row of a key. */
    public static <K, O> Upsert<K, O> delete(K key) {
        return new Upsert<>(key, null);
    }

    /** Whether this deletes. */
    public boolean isDelete() {
        return row == null;
    }
}
