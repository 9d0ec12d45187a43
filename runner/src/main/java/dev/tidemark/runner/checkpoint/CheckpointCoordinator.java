package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.store.Changes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides when a checkpoint starts, and what it commits once the snapshot of every task is in. Events come in, epochs to begin and
 * commits to make go out; it calls nobody. Owned by the job, which calls it under its lock.
 *
 * <p>One checkpoint is under way at a time, until it is durable. A task that has ended gave its last snapshot then; it counts for
 * every later checkpoint.
 */
public final class CheckpointCoordinator {
    private final int tasks;
    private final Set<Integer> ended = new HashSet<>();
    private final Set<Integer> arrived = new HashSet<>();
    /** What the epoch under way, or the next where there is none, will change. */
    private List<Changes> changes = new ArrayList<>();
    /** What tasks that ended after their snapshot of the epoch under way have changed since. */
    private List<Changes> afterwards = new ArrayList<>();

    private long epoch;
    private boolean underWay;
    private boolean committing;

    /**
     * @param epoch the newest epoch that is durable already
     * @param first what the next one changes in any case
     */
    public CheckpointCoordinator(int tasks, long epoch, List<Changes> first) {
        this.tasks = tasks;
        this.epoch = epoch;
        changes.addAll(first);
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

    /** The first epoch that will contain all that happens before now. */
    public long next() {
        return epoch + 1;
    }

    /** Takes a task's snapshot: the commit to make, if it was the last one missing. */
    public Optional<Commit> snapshot(Snapshot snapshot) {
        if (!underWay || snapshot.epoch() != epoch) {
            throw new IllegalStateException("snapshot of epoch " + snapshot.epoch() + " while at " + epoch);
        }
        if (!arrived.add(snapshot.task())) {
            throw new IllegalStateException("task " + snapshot.task() + " sent epoch " + epoch + " twice");
        }
        changes.add(snapshot.changes());
        return commitIfComplete();
    }

    /**
     * Takes the last snapshot of a task that has nothing more to do: the commit to make, if any. What it changes belongs to the epoch
     * under way, unless the task has passed the barrier of that already. When the last task ends, a final epoch begins at once.
     */
    public Optional<Commit> ended(int task, Changes last) {
        if (!ended.add(task)) {
            throw new IllegalStateException("task " + task + " ended twice");
        }
        (arrived.contains(task) ? afterwards : changes).add(last);
        if (!underWay && ended.size() == tasks) {
            underWay = true;
            epoch++;
        }
        return commitIfComplete();
    }

    private Optional<Commit> commitIfComplete() {
        Set<Integer> in = new HashSet<>(arrived);
        in.addAll(ended);
        if (!underWay || committing || in.size() < tasks) {
            return Optional.empty();
        }
        committing = true;
        return Optional.of(new Commit(epoch, changes));
    }

    /**
     * The commit has been made: the next to make at once, if any. Where every task has ended meanwhile, that is a final epoch: tasks
     * that took part in this one and ended afterwards are not told of their end by it.
     */
    public Optional<Commit> committed() {
        boolean someEndedAfterwards = arrived.stream().anyMatch(ended::contains);
        changes = afterwards;
        over();
        if (ended.size() == tasks && someEndedAfterwards) {
            underWay = true;
            epoch++;
        }
        return commitIfComplete();
    }

    /**
     * The commit could not be made, and never will be: its epoch is skipped, and what it was to change is part of the next. Where every
     * task has ended nobody would begin a next one, so it is to be made at once.
     */
    public Optional<Commit> abandoned() {
        changes = new ArrayList<>(changes);
        changes.addAll(afterwards);
        over();
        if (ended.size() == tasks) {
            underWay = true;
            epoch++;
        }
        return commitIfComplete();
    }

    /** Whether no task has anything more to do. */
    public boolean everyTaskHasEnded() {
        return ended.size() == tasks;
    }

    private void over() {
        afterwards = new ArrayList<>();
        arrived.clear();
        underWay = false;
        committing = false;
    }
}
