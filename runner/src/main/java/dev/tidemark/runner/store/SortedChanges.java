package dev.tidemark.runner.store;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** The changes of an epoch by key, each key once, as a sorted file needs them. */
final class SortedChanges {
    private SortedChanges() {}

    /** Takes each change in turn. */
    interface Visitor {
        void change(byte[] key, byte @Nullable [] value) throws RocksDBException;
    }

    private static final class Change {
        private final byte[] key;
        private final byte @Nullable [] value;

        Change(byte[] key, byte @Nullable [] value) {
            this.key = key;
            this.value = value;
        }
    }

    /** Gives {@code visitor} the last change of each key, in the order of the keys as unsigned bytes. */
    static void forEach(List<Changes> changes, Visitor visitor) throws RocksDBException {
        Change[] all = new Change[changes.stream().mapToInt(Changes::size).sum()];
        int size = 0;
        for (Changes each : changes) {
            for (int i = 0; i < each.size(); i++) {
                all[size] = new Change(each.key(i), each.value(i));
                size++;
            }
        }
        // Stable, so of one key the last given is the last here.
        Arrays.sort(all, (left, right) -> Arrays.compareUnsigned(left.key, right.key));
        for (int i = 0; i < size; i++) {
            if (i + 1 == size || !Arrays.equals(all[i].key, all[i + 1].key)) {
                visitor.change(all[i].key, all[i].value);
            }
        }
    }
}
