package dev.tidemark.runner.job;

import static java.util.Objects.requireNonNull;

import dev.tidemark.runner.checkpoint.CheckpointCoordinator;
import dev.tidemark.runner.checkpoint.Commit;
import dev.tidemark.runner.checkpoint.Compatibility;
import dev.tidemark.runner.checkpoint.Snapshot;
import dev.tidemark.runner.checkpoint.StepNumbers;
import dev.tidemark.runner.operator.JobMetrics;
import dev.tidemark.runner.operator.MetricsPush;
import dev.tidemark.runner.operator.OperatorChain;
import dev.tidemark.runner.operator.SourceSplits;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.plan.Stage;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.StepFormat;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.Store;
import dev.tidemark.runner.store.StoreException;
import dev.tidemark.runner.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try at running a plan: makes the tasks, starts them, hears from them, and ends them. Where there is a store, it goes on from the
 * newest epoch there. Thread-safe.
 *
 * <p>Tasks run on the scheduler's threads and talk to each other only through channels. What they tell the attempt (opened,
 * snapshot, ended, closed, failed) is taken under its lock; what it tells them goes through their mailboxes.
 */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    /** A job whose checkpoints have failed for so long fails: whoever can help should be told. */
    private static final long LONGEST_FAILING_MILLIS = 600_000;

    /** How long user code may take to let go of a task after a failure or a cancel. */
    private static final long STOP_MILLIS = 10_000;

    /** How an attempt ended, and why where that needs a reason. */
    record Ending(How how, @Nullable Throwable why) {}

    /** Copies what was last committed to where it outlives the job. */
    interface Savepoints {
        /**
         * Makes a savepoint of the last epoch.
         *
         * @param path where to; null for a place in the job's own directory
         * @return where it is
         */
        String make(@Nullable String path) throws StoreException;
    }

    /** A savepoint that somebody waits for: of this epoch or a later one. */
    private record Wanted(long epoch, @Nullable String path, CompletableFuture<String> made) {}

    /** How an attempt ends. */
    enum How {
        DONE,
        FAILED,
        CANCELLED,
        /** It was asked to stop, and has made its last checkpoint. */
        STOPPED,
        /** It was torn down on purpose, for another to go on from its last epoch. */
        TORN_DOWN
    }

    private final RunOptions options;
    private final Scheduler scheduler;
    private final Map<Task, Slot> tasks;
    private final Slot clockwork;
    private final Slot pusher = new Slot("metrics push", 1, false);
    private final @Nullable MetricsPush push;
    private final @Nullable Store store;
    private final @Nullable Savepoints savepoints;
    private final Slot committer = new Slot("committer", 1, false);
    private final Slot reporter = new Slot("progress", 1, false);
    private final @Nullable ProgressReport progress;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // --- under the lock
    private final CheckpointCoordinator coordinator;
    private @Nullable Commit toCommit;
    private @Nullable How ending;
    private int commits;
    private @Nullable Throwable failure;
    private int opened;
    private int closed;
    private boolean testIsOver;
    private long committedEpoch;
    private boolean checkpointSoon;
    private boolean paused;
    private long stopAfter = Long.MAX_VALUE;
    private List<Wanted> wanted = new ArrayList<>();

    /** Splits the sources, which calls user code, and makes the tasks. */
    Attempt(
            Plan plan,
            RunOptions options,
            @Nullable Store store,
            @Nullable Savepoints savepoints,
            LocalFiles files,
            Clock clock,
            JobMetrics metrics,
            Function<BiConsumer<Slot, Throwable>, Scheduler> scheduler)
            throws Exception {
        this.options = options;
        this.store = store;
        this.savepoints = savepoints;
        this.scheduler = scheduler.apply(this::failed);
        StepNumbers numbers = store == null ? null : new StepNumbers(store);
        BiFunction<Integer, Integer, TaskLedger> ledgers = numbers == null
                ? (shard, shards) -> TaskLedger.none()
                : (shard, shards) -> new TaskLedger(store, numbers::of, shard, shards);
        TaskLedger beforeTasks = ledgers.apply(0, 1);
        SourceSplits splits = SourceSplits.of(plan, options, metrics, beforeTasks);
        this.tasks = new Wiring(plan, options, splits, metrics, this.scheduler, new TaskEvents(), clock, files, ledgers)
                .tasks();
        if (store != null && numbers != null) {
            Map<String, StepFormat> formats = formats(plan);
            refuseWhatCannotBeRead(store, numbers, formats);
            refuseIfStateIsLeft(store, numbers, formats);
            formats.forEach(numbers::writtenAs);
            files.removeLeftovers(plan, beforeTasks);
        }
        this.committedEpoch = store == null ? 0 : store.epoch();
        this.coordinator = new CheckpointCoordinator(
                tasks.size(),
                committedEpoch,
                numbers == null ? List.of() : List.of(numbers.unwritten(), beforeTasks.take()));
        committer.assign(new Committer());
        this.push = MetricsPush.of(options, metrics).orElse(null);
        if (push != null) {
            pusher.assign(new Pusher(push));
        }
        this.progress = options.progress() == ProgressStyle.OFF
                ? null
                : new ProgressReport(
                        options.jobName(),
                        options.progress(),
                        tasks.keySet(),
                        () -> tell(new Message.SayHowFar(), task -> true),
                        this::committedEpoch,
                        System.err);
        if (progress != null) {
            reporter.assign(progress);
            if (options.durability() == null && plan.isUnbounded()) {
                progress.tell("what this job remembers ends with it: a --jobName=NAME of its own keeps it");
            } else if (committedEpoch > 0) {
                progress.tell("job " + options.jobName() + " goes on from its checkpoint #" + committedEpoch);
            }
        }
        this.clockwork = new Slot("clockwork", 1, plan.isDrivenByTest());
        clockwork.assign(new Clockwork(plan, store != null, clock.millis()));
    }

    private static Map<String, StepFormat> formats(Plan plan) {
        Map<String, StepFormat> formats = new HashMap<>();
        for (Stage stage : plan.stages()) {
            for (Step step : stage.steps()) {
                formats.put(OperatorChain.ledgerName(step), plan.format(step));
            }
        }
        return formats;
    }

    private void refuseWhatCannotBeRead(Store checkpoint, StepNumbers numbers, Map<String, StepFormat> formats)
            throws StoreException {
        List<String> found = Compatibility.unreadable(checkpoint, numbers, formats);
        if (!found.isEmpty()) {
            throw new StoreException(
                    "TM-STATE-002: the checkpoint of job " + options.jobName()
                            + " was written in another form than this pipeline reads: " + String.join("; ", found)
                            + ". Nothing was read or written. Go back to the old form, give the step or the state another name and leave the"
                            + " old state behind with --tidemarkAllowNonRestoredState, or begin with nothing with --tidemarkRestore=none.");
        }
    }

    /** Nothing has been read or written by now: whoever did not mean to leave state behind has lost nothing. */
    private void refuseIfStateIsLeft(Store checkpoint, StepNumbers numbers, Map<String, StepFormat> formats)
            throws StoreException {
        List<String> left = Compatibility.leftBehind(checkpoint, numbers, formats);
        Durability durability = options.durability();
        if (left.isEmpty()) {
            return;
        }
        if (durability != null && durability.allowsNonRestored()) {
            LOG.warn("TM-STATE-001: the state of {} stays behind: the pipeline has no place for it", left);
            return;
        }
        throw new StoreException("TM-STATE-001: the checkpoint of job " + options.jobName()
                + " has state that this pipeline has no place for: " + String.join(", ", left)
                + ". Give the steps their old names back, leave that state behind with --tidemarkAllowNonRestoredState, or"
                + " begin with nothing with --tidemarkRestore=none.");
    }

    // ---------------------------------------------------------------- the keeper's road

    /** Runs to the end, whatever that is: returns once every thread and every DoFn has been released. */
    Ending run() {
        tasks.values().forEach(scheduler::wake);
        scheduler.wake(clockwork);
        if (push != null) {
            scheduler.wake(pusher);
        }
        if (progress != null) {
            scheduler.wake(reporter);
        }
        try {
            if (tasks.isEmpty()) {
                end(How.DONE, null);
            } else {
                scheduler.start();
            }
            awaitEnding();
        } catch (Throwable unexpected) {
            end(How.FAILED, unexpected);
        }
        release();
        lock.lock();
        try {
            wanted.forEach(each -> each.made().completeExceptionally(overBefore()));
            wanted = List.of();
            return new Ending(ending == null ? How.FAILED : ending, failure);
        } finally {
            lock.unlock();
        }
    }

    private IllegalStateException overBefore() {
        return new IllegalStateException("TM-JOB-008: no savepoint was made, because job " + options.jobName()
                + " ended or failed before. What it last committed is in its state directory.");
    }

    private void awaitEnding() {
        lock.lock();
        try {
            while (ending == null) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until user code lets go, and closes what is still open. */
    private void release() {
        boolean quiet = false;
        try {
            quiet = awaitQuiet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tasks.forEach((task, slot) -> {
            if (slot.isInTurn()) {
                LOG.warn("TM-JOB-003: {} is still in user code after {} ms and was left there", task, STOP_MILLIS);
            } else {
                closeLeftover(task);
            }
        });
        if (push != null && !pusher.isInTurn()) {
            push.push();
        }
        if (progress != null) {
            progress.end();
        }
        if (!quiet) {
            LOG.warn("TM-JOB-004: threads of job {} did not stop within {} ms", options.jobName(), STOP_MILLIS);
        }
    }

    /**
     * User code that does not let go is left there, but not a write: another attempt would read while it goes on, and find another epoch
     * in the end than at the beginning.
     */
    private boolean awaitQuiet() throws InterruptedException {
        boolean quiet = scheduler.awaitStopped(STOP_MILLIS);
        for (long waited = STOP_MILLIS; !quiet && committer.isInTurn(); waited += STOP_MILLIS) {
            LOG.warn(
                    "TM-JOB-013: job {} has ended, and has waited {} s for the disk to take a checkpoint",
                    options.jobName(),
                    TimeUnit.MILLISECONDS.toSeconds(waited));
            quiet = scheduler.awaitStopped(STOP_MILLIS);
        }
        return quiet;
    }

    private void closeLeftover(Task task) {
        try {
            task.close();
        } catch (Exception e) {
            noteFailure(e);
        }
    }

    // ---------------------------------------------------------------- what tasks say

    private final class TaskEvents implements Task.Events {
        @Override
        public void opened(Task task) {
            lock.lock();
            try {
                opened++;
                if (opened == tasks.size()) {
                    tell(new Message.Begin(), Task::isSource);
                    scheduler.wake(clockwork);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void snapshot(Task task, long epoch, Changes changes) {
            lock.lock();
            try {
                commit(coordinator.snapshot(new Snapshot(task.id(), epoch, changes)));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void wantsCheckpoint() {
            lock.lock();
            try {
                checkpointNow();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void ended(Task task, Changes last) {
            lock.lock();
            try {
                testIsOver |= slotOf(task).whenQuiet();
                commit(coordinator.ended(task.id(), last));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void closed(Task task) {
            lock.lock();
            try {
                closed++;
                if (closed == tasks.size() && ending == null) {
                    end(coordinator.everyTaskHasEnded() ? How.DONE : How.STOPPED, null);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Under the lock. */
    private void commit(Optional<Commit> commit) {
        Optional<Commit> next = commit;
        while (next.isPresent()) {
            if (store == null) {
                next = committed(next.get());
            } else {
                toCommit = next.get();
                scheduler.wake(committer);
                next = Optional.empty();
            }
        }
    }

    /** Under the lock. */
    private Optional<Commit> committed(Commit commit) {
        committedEpoch = commit.epoch();
        commits++;
        pause(false);
        if (commits == options.tornDownAfterCommits() && !coordinator.everyTaskHasEnded()) {
            end(How.TORN_DOWN, null);
        }
        tell(new Message.CheckpointCommitted(commit.epoch()), task -> true);
        if (commit.epoch() >= stopAfter) {
            tell(new Message.Stop(), task -> true);
        }
        if (checkpointSoon) {
            scheduler.wake(clockwork);
        }
        return coordinator.committed();
    }

    /** Under the lock. What is read while nothing can be committed has to be kept in memory: so nothing is. */
    private void pause(boolean pause) {
        if (paused != pause) {
            paused = pause;
            tell(new Message.Pause(pause), task -> true);
            LOG.warn(
                    pause
                            ? "TM-JOB-010: job {} reads no more until a checkpoint can be made again"
                            : "TM-JOB-010: job {} reads again: a checkpoint has been made",
                    options.jobName());
        }
    }

    /** Makes epochs durable: on a thread that may wait for the disk, and not under the lock. */
    private final class Committer implements Slot.Turns {
        private static final long NEVER = Long.MIN_VALUE;

        private long next = Long.MAX_VALUE;
        /** Since when no commit has gone well. */
        private long failing = NEVER;

        @Override
        public Task.Outcome step(long now, int budget) {
            Commit commit = take();
            Store to = store;
            if (commit == null || to == null) {
                return Task.Outcome.WAIT;
            }
            if (next != Long.MAX_VALUE && now < next) {
                return Task.Outcome.WAIT;
            }
            next = Long.MAX_VALUE;
            try {
                to.commit(commit.epoch(), commit.changes());
            } catch (StoreException e) {
                LOG.warn(
                        "TM-JOB-005: checkpoint {} of job {} was not made: {}",
                        commit.epoch(),
                        options.jobName(),
                        e.getMessage(),
                        e);
                // What stands in the way may be gone later; until then, what was to be committed is kept.
                next = now + options.checkpointIntervalMillis();
                if (failing == NEVER) {
                    failing = now;
                } else if (now - failing > LONGEST_FAILING_MILLIS) {
                    end(How.FAILED, e);
                    return Task.Outcome.WAIT;
                }
                abandoned();
                return Task.Outcome.WAIT;
            }
            failing = NEVER;
            makeSavepoints(commit.epoch());
            done(commit);
            return Task.Outcome.WAIT;
        }

        /** To interrupt a write is to break the file it goes to. */
        @Override
        public boolean isInterruptible() {
            return false;
        }

        private void makeSavepoints(long epoch) {
            for (Wanted each : takeWanted(epoch)) {
                try {
                    each.made().complete(requireNonNull(savepoints).make(each.path()));
                } catch (StoreException e) {
                    each.made().completeExceptionally(e);
                }
            }
        }

        private List<Wanted> takeWanted(long epoch) {
            lock.lock();
            try {
                List<Wanted> due =
                        wanted.stream().filter(each -> each.epoch() <= epoch).toList();
                wanted.removeAll(due);
                return due;
            } finally {
                lock.unlock();
            }
        }

        private @Nullable Commit take() {
            lock.lock();
            try {
                return toCommit;
            } finally {
                lock.unlock();
            }
        }

        private void done(Commit commit) {
            lock.lock();
            try {
                toCommit = null;
                commit(committed(commit));
            } finally {
                lock.unlock();
            }
        }

        private void abandoned() {
            lock.lock();
            try {
                toCommit = null;
                pause(true);
                commit(coordinator.abandoned());
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long nextAlarm() {
            return next;
        }
    }

    // ---------------------------------------------------------------- what the user asks for

    /** Makes a last checkpoint, and ends when it is durable. After it nothing is done that would have to be done again. */
    void stop() {
        lock.lock();
        try {
            if (stopAfter == Long.MAX_VALUE) {
                stopAfter = coordinator.next();
                tasks.keySet().forEach(task -> task.stopAfter(stopAfter));
                checkpointNow();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets the sources read no more, so that all that is under way comes to its end. */
    void drain() {
        tell(new Message.Drain(), task -> true);
    }

    /** Makes a checkpoint and a savepoint of it; {@code path} as for {@link Savepoints#make}. */
    CompletableFuture<String> savepoint(@Nullable String path) {
        CompletableFuture<String> made = new CompletableFuture<>();
        lock.lock();
        try {
            if (ending != null || coordinator.everyTaskHasEnded()) {
                made.completeExceptionally(overBefore());
            } else {
                wanted.add(new Wanted(coordinator.next(), path, made));
                checkpointNow();
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. One that is under way may have begun too early. */
    private void checkpointNow() {
        checkpointSoon = true;
        scheduler.wake(clockwork);
    }

    private long committedEpoch() {
        lock.lock();
        try {
            return committedEpoch;
        } finally {
            lock.unlock();
        }
    }

    private void tell(Message message, Predicate<Task> whom) {
        tasks.forEach((task, slot) -> {
            if (whom.test(task)) {
                task.post(message);
                scheduler.wake(slot);
            }
        });
    }

    private Slot slotOf(Task task) {
        Slot slot = tasks.get(task);
        if (slot == null) {
            throw new IllegalArgumentException("no task " + task);
        }
        return slot;
    }

    /**
     * Starts checkpoints, where somebody waits to hear of them: at their interval, or between the events of a test, whose clock
     * may stand still.
     */
    private final class Clockwork implements Slot.Turns {
        private final boolean ticks;
        private final boolean betweenEvents;
        private long next;

        Clockwork(Plan plan, boolean durable, long now) {
            this.ticks = durable || plan.awaitsCommits();
            this.betweenEvents = plan.isDrivenByTest();
            this.next = now + options.checkpointIntervalMillis();
        }

        @Override
        public Task.Outcome step(long now, int budget) {
            lock.lock();
            try {
                boolean playing = betweenEvents && !testIsOver;
                if (!ticks || opened < tasks.size() || (now < next && !playing && !checkpointSoon)) {
                    return Task.Outcome.WAIT;
                }
                next = now + options.checkpointIntervalMillis();
                OptionalLong epoch = coordinator.start();
                if (epoch.isPresent()) {
                    checkpointSoon = false;
                    tell(new Message.StartCheckpoint(epoch.getAsLong()), task -> true);
                }
                return playing ? Task.Outcome.MORE : Task.Outcome.WAIT;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long nextAlarm() {
            return ticks ? next : Long.MAX_VALUE;
        }
    }

    /** Hands metrics over at their period. The sink may block: then it blocks one worker, and a spare takes its place. */
    private static final class Pusher implements Slot.Turns {
        private final MetricsPush push;
        private long next = Long.MIN_VALUE;

        Pusher(MetricsPush push) {
            this.push = push;
        }

        @Override
        public Task.Outcome step(long now, int budget) {
            if (now >= next) {
                next = now + push.periodMillis();
                push.push();
            }
            return Task.Outcome.WAIT;
        }

        @Override
        public long nextAlarm() {
            return next;
        }
    }

    // ---------------------------------------------------------------- the end

    private void failed(Slot slot, Throwable thrown) {
        thrown.addSuppressed(
                new FailedIn(options.jobName(), slot.whereabouts(), slot.turns().failedAt()));
        end(How.FAILED, thrown);
    }

    /** Ends the attempt as soon as its tasks let go. No effect on one that is ending already, but for the failure. */
    void end(How how, @Nullable Throwable why) {
        lock.lock();
        try {
            if (why != null) {
                noteFailure(why);
            }
            if (ending == null) {
                ending = how;
                changed.signalAll();
                scheduler.stop();
            }
        } finally {
            lock.unlock();
        }
    }

    private void noteFailure(Throwable why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            } else if (failure != why) {
                failure.addSuppressed(why);
            }
        } finally {
            lock.unlock();
        }
    }
}
