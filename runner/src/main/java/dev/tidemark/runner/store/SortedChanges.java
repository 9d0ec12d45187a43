package dev.tidemark.runner.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The changes of an epoch by key, each key once, as a sorted file needs them. */
final class SortedChanges {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private SortedChanges() {}

    /** Takes each change in turn. */
    interface Visitor {
        void change(byte[] key, byte @Nullable [] value) throws RocksDBException;
    }

    /**
     * With the sixteen bytes of the key in which keys first differ, as two numbers: so most comparisons need not look for the key, which
     * is somewhere else on the heap.
     */
    private static final class Change {
        private final byte[] key;
        private final byte @Nullable [] value;
        private final long high;
        private final long low;

        Change(byte[] key, byte @Nullable [] value, int common) {
            this.key = key;
            this.value = value;
            this.high = eight(key, common);
            this.low = eight(key, common + Long.BYTES);
        }

        /** Eight bytes of the key; zeros where it has ended. */
        private static long eight(byte[] key, int from) {
            if (from + Long.BYTES <= key.length) {
                return (long) LONG.get(key, from);
            }
            long number = 0;
            for (int i = from; i < from + Long.BYTES; i++) {
                number = number << Byte.SIZE | (i < key.length ? key[i] & 0xff : 0);
            }
            return number;
        }

        int compareTo(Change other) {
            int compared = Long.compareUnsigned(high, other.high);
            if (compared == 0) {
                compared = Long.compareUnsigned(low, other.low);
            }
            // What ends there may be less than what has zeros.
            return compared == 0 ? Arrays.compareUnsigned(key, other.key) : compared;
        }
    }

    /** Gives {@code visitor} the last change of each key, in the order of the keys as unsigned bytes. */
    static void forEach(List<Changes> changes, Visitor visitor) throws RocksDBException {
        Change[] all = new Change[changes.stream().mapToInt(Changes::size).sum()];
        int common = common(changes);
        int size = 0;
        for (Changes each : changes) {
            for (int i = 0; i < each.size(); i++) {
                all[size] = new Change(each.key(i), each.value(i), common);
                size++;
            }
        }
        // Stable, so of one key the last given is the last here.
        Arrays.sort(all, Change::compareTo);
        for (int i = 0; i < size; i++) {
            if (i + 1 == size || !Arrays.equals(all[i].key, all[i + 1].key)) {
                visitor.change(all[i].key, all[i].value);
            }
        }
    }

    /** How many bytes all keys begin with. */
    private static int common(List<Changes> changes) {
        byte[] first = null;
        int common = 0;
        for (Changes each : changes) {
            for (int i = 0; i < each.size(); i++) {
                if (first == null) {
                    first = each.key(i);
                    common = first.length;
                } else {
                    int differ =
                            Arrays.mismatch(first, 0, common, each.key(i), 0, Math.min(common, each.key(i).length));
                    common = differ < 0 ? common : differ;
                }
            }
        }
        return common;
    }
}
