package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.store.Store;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides when a checkpoint starts, and commits it when the snapshot of every task is in. Events come in, epochs to act on go
 * out; it calls nobody but the store. Owned by the job, which calls it under its lock.
 *
 * <p>One checkpoint is under way at a time. A task that has ended gave its last snapshot then; it counts for every later
 * checkpoint.
 */
public final class CheckpointCoordinator {
    /** The row that names the newest committed epoch; written last, in the same batch as what it stands for. */
    public static final String EPOCH_ROW = "epoch";

    private final Store store;
    private final int tasks;
    private final Set<Integer> ended = new HashSet<>();
    private final Set<Integer> arrived = new HashSet<>();
    private final Map<String, byte[]> rows = new HashMap<>();
    private long epoch;
    private boolean underWay;

    public CheckpointCoordinator(Store store, int tasks) {
        this.store = store;
        this.tasks = tasks;
    }

    /** Starts a checkpoint, unless one is under way or every task has ended: the epoch to begin, if any. */
    public OptionalLong start() {
        if (underWay || ended.size() == tasks) {
            return OptionalLong.empty();
        }
        underWay = true;
        epoch++;
        return OptionalLong.of(epoch);
    }

    /** Takes a task's snapshot: the epoch that this committed, if it was the last one missing. */
    public OptionalLong snapshot(Snapshot snapshot) {
        if (!underWay || snapshot.epoch() != epoch) {
            throw new IllegalStateException("snapshot of epoch " + snapshot.epoch() + " while at " + epoch);
        }
        if (!arrived.add(snapshot.task())) {
            throw new IllegalStateException("task " + snapshot.task() + " sent epoch " + epoch + " twice");
        }
        rows.putAll(snapshot.rows());
        return commitIfComplete();
    }

    /**
     * Takes the last snapshot of a task that has nothing more to do: the epoch that this committed, if any. When the last task
     * ends, a final epoch commits at once, also where that was what the one under way had been waiting for: tasks that took part in
     * it and ended afterwards are not told of their end by it.
     */
    public OptionalLong ended(int task, Map<String, byte[]> lastRows) {
        if (!ended.add(task)) {
            throw new IllegalStateException("task " + task + " ended twice");
        }
        rows.putAll(lastRows);
        OptionalLong committed = commitIfComplete();
        if (!underWay && ended.size() == tasks) {
            underWay = true;
            epoch++;
            committed = commitIfComplete();
        }
        return committed;
    }

    private OptionalLong commitIfComplete() {
        if (!underWay) {
            return OptionalLong.empty();
        }
        Set<Integer> in = new HashSet<>(arrived);
        in.addAll(ended);
        if (in.size() < tasks) {
            return OptionalLong.empty();
        }
        rows.put(EPOCH_ROW, ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
        store.write(rows);
        rows.clear();
        arrived.clear();
        underWay = false;
        return OptionalLong.of(epoch);
    }
}
