package dev.tidemark.runner.state;

import static java.util.Objects.requireNonNull;

import dev.tidemark.runner.plan.KeyGroups;
import dev.tidemark.runner.plan.RowKind;
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
    private static final int PREFIX = Integer.BYTES + 2;

    /** Takes each row in turn. */
    public interface Reader {
        /** Takes a row; {@code rest} is its key without what stands in each key of its step, kind and group. */
        void row(int group, byte[] rest, byte[] value);
    }

    private final TaskLedger task;
    private final @Nullable Store store;
    private final int id;

    /** Where a row is among those of its step and kind; {@code rest} as {@link Reader} gives it. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Place(int group, byte[] rest) {}

    /** Takes rows in turn until it has enough. */
    interface Taker {
        /** Takes a row, as {@link Reader} does, and says whether it wants the next. */
        boolean row(int group, byte[] rest, byte[] value);
    }

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
    public byte @Nullable [] get(RowKind kind, int group, byte[] rest) {
        return store == null ? null : store.get(key(kind, group, rest));
    }

    /** Some key group of this task, for what has no key: a different one each time, as far as there are. */
    public int groupFor(long number) {
        int first = task.firstGroup();
        return first + (int) Math.floorMod(number, (long) (task.groupsEnd() - first));
    }

    /** Before all rows of this task. */
    Place beginning() {
        return new Place(task.firstGroup(), new byte[0]);
    }

    /** The first key group of this task. */
    int firstGroup() {
        return task.firstGroup();
    }

    /** The first key group behind those of this task. */
    int groupsEnd() {
        return task.groupsEnd();
    }

    /** Lets what is written meanwhile be part of the checkpoint whose barrier has passed. */
    void writeFrozen(Runnable writing) {
        task.writeFrozen(writing);
    }

    /** Writes a row into the next epoch. */
    public void put(RowKind kind, int group, byte[] rest, byte[] value) {
        if (store != null) {
            task.changes().put(key(kind, group, rest), value);
        }
    }

    /** Removes a row with the next epoch. */
    public void delete(RowKind kind, int group, byte[] rest) {
        if (store != null) {
            task.changes().delete(key(kind, group, rest));
        }
    }

    /** Removes all rows of a group that begin with {@code prefix}, with the next epoch. */
    void deleteAll(RowKind kind, int group, byte[] prefix) {
        if (store != null) {
            byte[] from = key(kind, group, prefix);
            task.changes().deleteRange(from, requireNonNull(Bytes.afterAllWith(from)));
        }
    }

    /** Reads the committed rows of a group that begin with {@code prefix}. */
    void read(RowKind kind, int group, byte[] prefix, Reader reader) {
        if (store != null) {
            byte[] from = key(kind, group, prefix);
            store.scan(from, requireNonNull(Bytes.afterAllWith(from)), reading(reader));
        }
    }

    /** The place of the first committed row of a kind in the groups of this task from a place on; null where there is none. */
    @Nullable
    Place first(RowKind kind, Place from) {
        if (store == null) {
            return null;
        }
        byte[] key = store.first(key(kind, from.group(), from.rest()), key(kind, task.groupsEnd(), new byte[0]));
        return key == null ? null : new Place(groupOf(key), Arrays.copyOfRange(key, PREFIX, key.length));
    }

    /** Reads the committed rows of a kind in the groups of this task, from a place on, until {@code taker} has enough. */
    void readWhile(RowKind kind, Place from, Taker taker) {
        if (store != null) {
            byte[] until = key(kind, task.groupsEnd(), new byte[0]);
            store.scanWhile(
                    key(kind, from.group(), from.rest()),
                    until,
                    (key, value) -> taker.row(groupOf(key), Arrays.copyOfRange(key, PREFIX, key.length), value));
        }
    }

    /** Reads the committed rows of a kind in the groups of this task. */
    public void read(RowKind kind, Reader reader) {
        read(kind, task.firstGroup(), task.groupsEnd(), reader);
    }

    /** Reads the committed rows of a kind in all groups. */
    public void readAll(RowKind kind, Reader reader) {
        read(kind, 0, KeyGroups.COUNT, reader);
    }

    private void read(RowKind kind, int firstGroup, int groupsEnd, Reader reader) {
        if (store != null) {
            byte[] until = key(kind, groupsEnd, new byte[0]);
            store.scan(key(kind, firstGroup, new byte[0]), until, reading(reader));
        }
    }

    private static Store.Reader reading(Reader reader) {
        return (key, value) -> reader.row(groupOf(key), Arrays.copyOfRange(key, PREFIX, key.length), value);
    }

    private static int groupOf(byte[] key) {
        return key[PREFIX - 1] & 0xff;
    }

    private byte[] key(RowKind kind, int group, byte[] rest) {
        byte[] key = new byte[PREFIX + rest.length];
        key[0] = (byte) (id >>> 24);
        key[1] = (byte) (id >>> 16);
        key[2] = (byte) (id >>> 8);
        key[3] = (byte) id;
        key[4] = kind.number();
        key[5] = (byte) group;
        System.arraycopy(rest, 0, key, PREFIX, rest.length);
        return key;
    }
}
