package dev.tidemark.runner.state;

import dev.tidemark.runner.plan.KeyGroups;
import dev.tidemark.runner.store.Store;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one step of one task keeps in the store. A row belongs to a kind and to a key group; a task reads and writes those of its own
 * groups, so that with another number of tasks each row is still somebody's.
 *
 * <p>The keys of rows: step (4 bytes), kind (1), key group (1), and what the kind makes of the rest.
 */
public final class StepLedger {
    /** What rows are of. The numbers are part of the format. */
    public enum Kind {
        /** One row per key group and shard: how far the step has come. */
        PROGRESS(1),
        /** The cells of a key in a window. */
        CELL(2),
        /** A pending timer. */
        TIMER(3),
        /** An element that waits for its side inputs. */
        PUSHED_BACK(4),
        /** How far a split has been read. */
        SPLIT(5),
        /** A pane of a side input. */
        VIEW(6),
        /** What has been grouped since the epoch before. */
        GROUPED(7),
        /** Into how many parts a source was split. */
        SPLITTING(8),
        /** Records that a source may deliver again. */
        SEEN(9),
        /** An element that waits for those before it in time. */
        UNSORTED(10),
        /** An element with what is left of its restriction. */
        RESTRICTION(11),
        /** What has been counted. */
        METRICS(12),
        /** An element that waits to be part of a checkpoint. */
        UNSTABLE(13);

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }
    }

    private static final int PREFIX = Integer.BYTES + 2;

    /** Takes each row in turn. */
    public interface Reader {
        /** Takes a row; {@code rest} is its key without what stands in each key of its step, kind and group. */
        void row(int group, byte[] rest, byte[] value);
    }

    private final TaskLedger task;
    private final @Nullable Store store;
    private final int id;

    StepLedger(TaskLedger task, @Nullable Store store, int id) {
        this.task = task;
        this.store = store;
        this.id = id;
    }

    /** Whether anything is kept: if not, nobody need work out what has changed. */
    public boolean isKept() {
        return store != null;
    }

    /** The committed row of a kind, or null when there is none. */
    public byte @Nullable [] get(Kind kind, int group, byte[] rest) {
        return store == null ? null : store.get(key(kind, group, rest));
    }

    /** Some key group of this task, for what has no key: a different one each time, as far as there are. */
    public int groupFor(long number) {
        int first = task.firstGroup();
        return first + (int) Math.floorMod(number, (long) (task.groupsEnd() - first));
    }

    /** Writes a row into the next epoch. */
    public void put(Kind kind, int group, byte[] rest, byte[] value) {
        if (store != null) {
            task.changes().put(key(kind, group, rest), value);
        }
    }

    /** Removes a row with the next epoch. */
    public void delete(Kind kind, int group, byte[] rest) {
        if (store != null) {
            task.changes().delete(key(kind, group, rest));
        }
    }

    /** Reads the committed rows of a kind in the groups of this task. */
    public void read(Kind kind, Reader reader) {
        read(kind, task.firstGroup(), task.groupsEnd(), reader);
    }

    /** Reads the committed rows of a kind in all groups. */
    public void readAll(Kind kind, Reader reader) {
        read(kind, 0, KeyGroups.COUNT, reader);
    }

    private void read(Kind kind, int firstGroup, int groupsEnd, Reader reader) {
        if (store != null) {
            byte[] until = key(kind, groupsEnd, new byte[0]);
            store.scan(
                    key(kind, firstGroup, new byte[0]),
                    until,
                    (key, value) ->
                            reader.row(key[PREFIX - 1] & 0xff, Arrays.copyOfRange(key, PREFIX, key.length), value));
        }
    }

    private byte[] key(Kind kind, int group, byte[] rest) {
        byte[] key = new byte[PREFIX + rest.length];
        key[0] = (byte) (id >>> 24);
        key[1] = (byte) (id >>> 16);
        key[2] = (byte) (id >>> 8);
        key[3] = (byte) id;
        key[4] = kind.number;
        key[5] = (byte) group;
        System.arraycopy(rest, 0, key, PREFIX, rest.length);
        return key;
    }
}
