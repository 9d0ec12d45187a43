package dev.tidemark.runner.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows to write, rows and ranges of rows to remove, in the order they were given; of one key the last counts. Owned by whoever fills it, until it is
 * handed over; nobody changes it or its arrays afterwards.
 */
public final class Changes {
    private byte[][] keys = new byte[16][];
    private byte[] @Nullable [] values = new byte[16][];
    /** Where a change removes a range: its end, which is not part of it. Its key is the beginning. */
    private byte[] @Nullable [] ends = new byte[0][];

    private int size;
    private long bytes;

    /** Takes each change in turn. */
    public interface Visitor {
        /** Takes a change: the row's new content, or null where the row goes. */
        void change(byte[] key, byte @Nullable [] value);

        /** Takes the removal of every row from {@code from} on and before {@code until}; by default, expects none. */
        default void deleteRange(byte[] from, byte[] until) {
            throw new UnsupportedOperationException("a range of rows to remove");
        }
    }

    /** Writes a row. */
    public void put(byte[] key, byte[] value) {
        add(key, value);
    }

    /** Removes a row; one that does not exist is no error. */
    public void delete(byte[] key) {
        add(key, null);
    }

    /** Removes every row from {@code from} on and before {@code until}. */
    public void deleteRange(byte[] from, byte[] until) {
        add(from, null);
        if (ends.length < size) {
            ends = Arrays.copyOf(ends, keys.length);
        }
        ends[size - 1] = until;
        bytes += until.length;
    }

    private void add(byte[] key, byte @Nullable [] value) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        keys[size] = key;
        values[size] = value;
        size++;
        bytes += key.length + (value == null ? 0 : value.length);
    }

    /** How many changes there are. */
    public int size() {
        return size;
    }

    /** How long keys and values are together. */
    public long bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The key of a change, by its place in the order. */
    byte[] key(int index) {
        return keys[index];
    }

    /** The row's new content, or null where it goes. */
    byte @Nullable [] value(int index) {
        return values[index];
    }

    /** Where the change removes a range: its end; otherwise null. */
    byte @Nullable [] end(int index) {
        return index < ends.length ? ends[index] : null;
    }

    /** Whether any change removes a range. */
    boolean hasRanges() {
        return ends.length > 0;
    }

    /** Gives every change to {@code visitor}, in order. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            byte[] end = end(i);
            if (end == null) {
                visitor.change(keys[i], values[i]);
            } else {
                visitor.deleteRange(keys[i], end);
            }
        }
    }
}
