package dev.tidemark.runner.state;

import dev.tidemark.runner.plan.KeyGroups;
import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one task keeps in the store: it reads there what its predecessor left, once, and writes what has changed into the next
 * epoch. Owned by the task. A job that keeps nothing has ledgers that do nothing.
 */
public final class TaskLedger {
    private final @Nullable Store store;
    private final ToIntFunction<String> storedId;
    private final int shard;
    private final int shards;
    private final Map<String, StepLedger> steps = new HashMap<>();
    private Changes changes = new Changes();
    /** What the checkpoint changes whose barrier has passed, while not all of it has been written down. */
    private Changes frozen = new Changes();

    private boolean writesFrozen;

    /**
     * @param store what has been committed; null where nothing is kept
     * @param storedId the number under which a step is kept, by its name
     */
    public TaskLedger(@Nullable Store store, ToIntFunction<String> storedId, int shard, int shards) {
        this.store = store;
        this.storedId = storedId;
        this.shard = shard;
        this.shards = shards;
    }

    /** A ledger that keeps nothing. */
    public static TaskLedger none() {
        return new TaskLedger(null, name -> 0, 0, 1);
    }

    /** The part of the ledger that belongs to a step. */
    public StepLedger step(String name) {
        return steps.computeIfAbsent(
                name, unseen -> new StepLedger(this, store, store == null ? 0 : storedId.applyAsInt(unseen)));
    }

    /** Hands over everything that has changed since it was last asked, or since the barrier. */
    public Changes take() {
        Changes taken = changes;
        changes = new Changes();
        return taken;
    }

    /** The barrier passes: what has changed belongs to the checkpoint, and what changes from now on to the next. */
    public void freeze() {
        frozen = changes;
        changes = new Changes();
    }

    /** Hands over everything that has changed before the barrier. */
    public Changes takeFrozen() {
        Changes taken = frozen;
        frozen = new Changes();
        return taken;
    }

    /** Writes something down that has changed before the barrier. */
    void writeFrozen(Runnable writing) {
        writesFrozen = true;
        try {
            writing.run();
        } finally {
            writesFrozen = false;
        }
    }

    Changes changes() {
        return writesFrozen ? frozen : changes;
    }

    /** The first key group of this task. */
    int firstGroup() {
        return KeyGroups.firstOf(shard, shards);
    }

    /** The first key group behind those of this task. */
    int groupsEnd() {
        return KeyGroups.firstOf(shard + 1, shards);
    }
}
