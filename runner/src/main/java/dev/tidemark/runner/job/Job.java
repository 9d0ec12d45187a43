package dev.tidemark.runner.job;

import dev.tidemark.runner.checkpoint.StepNumbers;
import dev.tidemark.runner.operator.JobMetrics;
import dev.tidemark.runner.operator.MetricsPush;
import dev.tidemark.runner.operator.OperatorChain;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.store.MemoryStore;
import dev.tidemark.runner.store.StateDirectory;
import dev.tidemark.runner.store.StateOptions;
import dev.tidemark.runner.store.Store;
import dev.tidemark.runner.store.StoreException;
import dev.tidemark.runner.time.Clock;
import dev.tidemark.runner.time.ManualClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.beam.sdk.metrics.MetricResults;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a plan, in as many attempts as it takes. Thread-safe.
 *
 * <p>One thread, the keeper, runs the attempts one after the other, waits for the end of each, and is the last to leave.
 */
public final class Job {
    private static final Logger LOG = LoggerFactory.getLogger(Job.class);

    /** Of the time that passes in a seeded run: between two checkpoints at most. */
    private static final long SEEDED_CHECKPOINT_MILLIS = 20;

    /** Where the clock of a test stands at first: early enough for every timer that a test sets by the wall clock. */
    private static final long TEST_EPOCH = 0;

    /** Between a failure and the next attempt: twice this at first. */
    private static final long FIRST_BACK_OFF_MILLIS = 50;

    private static final long LONGEST_BACK_OFF_MILLIS = 10_000;

    /** About ten minutes, as long as an attempt lets its commits fail. */
    private static final int MOST_TRIES_TO_SETTLE = 70;

    /** How long the end of a process waits for a last checkpoint. Less than what supervisors allow before they kill. */
    public static final long STOP_MILLIS = 20_000;

    /** A job that is torn down on purpose is left alone after so many times, lest it never get anywhere. */
    private static final int MOST_TEAR_DOWNS = 200;

    private final Plan plan;
    private final RunOptions options;
    private final @Nullable Store store;
    private final Attempt.@Nullable Savepoints savepoints;
    private final Runnable afterwards;
    private final LocalFiles files;
    /** The clock of the next attempt: where a test moves it, it begins anew, as the test goes on from its checkpoint. */
    private final Supplier<Clock> clocks;

    private final Schedulers schedulers;

    // --- the keeper's
    private int attempts;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // --- under the lock
    private JobMetrics metrics = new JobMetrics();
    private Attempt attempt;
    private JobState state = JobState.RUNNING;
    private boolean cancelled;
    private boolean stopping;
    private boolean draining;
    private @Nullable Throwable failure;
    private @Nullable Thread shutdownHook;

    /** Makes the scheduler of an attempt. */
    private interface Schedulers {
        Scheduler scheduler(Clock clock, BiConsumer<Slot, Throwable> onFailure);
    }

    /** Makes the first attempt; {@code afterwards} is done once the last has ended. */
    private Job(
            Plan plan,
            RunOptions options,
            @Nullable Store store,
            Attempt.@Nullable Savepoints savepoints,
            Runnable afterwards,
            LocalFiles files,
            Supplier<Clock> clocks,
            Schedulers schedulers)
            throws Exception {
        this.plan = plan;
        this.options = options;
        this.store = store;
        this.savepoints = savepoints;
        this.afterwards = afterwards;
        this.files = files;
        this.clocks = clocks;
        this.schedulers = schedulers;
        this.attempt = attempt(metrics);
    }

    private Attempt attempt(JobMetrics counting) throws Exception {
        Clock clock = clocks.get();
        attempts++;
        RunOptions ofAttempt = attempts > MOST_TEAR_DOWNS ? options.withoutTearingDown() : options;
        return new Attempt(
                plan,
                ofAttempt,
                store,
                savepoints,
                files,
                clock,
                counting,
                onFailure -> schedulers.scheduler(clock, onFailure));
    }

    /**
     * Starts a plan on threads of its own and returns. Splitting the sources calls user code on this thread.
     *
     * @throws StoreException where the job's state cannot be used; nothing has been read or written then, and nothing is lost
     */
    public static Job start(Plan plan, RunOptions options) throws Exception {
        Durability durability = options.durability();
        if (durability == null) {
            return start(plan, options, storeOfItsOwn(options), null, () -> {}, LocalFiles.ofOneRun(options.jobName()));
        }
        prepareEarly(plan, options);
        StateDirectory state = StateDirectory.open(durability.directory(), options.jobName(), stateOptions(durability));
        try {
            Job job = start(
                    plan,
                    options,
                    state.store(),
                    state::savepoint,
                    state::close,
                    new LocalFiles(options.jobName(), state.id()));
            job.stopWithTheProcess();
            return job;
        } catch (Exception e) {
            state.close();
            throw e;
        }
    }

    /** What takes as long, in a process that has just begun, as to open a large state is done at the same time. */
    private static void prepareEarly(Plan plan, RunOptions options) {
        Thread early = new Thread(
                () -> {
                    try {
                        MetricsPush.prepare(options);
                        OperatorChain.generateCalls(plan);
                    } catch (RuntimeException e) {
                        LOG.debug("whoever needs it will meet this again, and say so", e);
                    }
                },
                "tidemark-" + options.jobName() + "-early");
        early.setDaemon(true);
        early.start();
    }

    private static StateOptions stateOptions(Durability durability) {
        StateOptions defaults = StateOptions.defaults();
        StateOptions retaining = defaults.withRetained(durability.retained(), defaults.retainEvery());
        return switch (durability.restore()) {
            case "auto" -> retaining;
            case "none" -> retaining.withoutRestore();
            default -> retaining.from(durability.restore());
        };
    }

    /** What is torn down on purpose needs something to go on from. */
    private static @Nullable Store storeOfItsOwn(RunOptions options) {
        return options.tornDownAfterCommits() > 0 ? new MemoryStore() : null;
    }

    private static Job start(
            Plan plan,
            RunOptions options,
            @Nullable Store store,
            Attempt.@Nullable Savepoints savepoints,
            Runnable afterwards,
            LocalFiles files)
            throws Exception {
        Job job = new Job(
                plan,
                options,
                store,
                savepoints,
                afterwards,
                files,
                () -> plan.isDrivenByTest() ? new ManualClock(TEST_EPOCH) : Clock.system(),
                (clock, onFailure) -> new WorkerPool(
                        options.jobName(),
                        options.workers(),
                        options.turnElements(),
                        WorkerPool.PATIENCE_MILLIS,
                        clock,
                        onFailure,
                        LOG::warn));
        // Not a daemon: a program whose main method has returned lives until its job has ended.
        new Thread(job::keep, "tidemark-" + options.jobName()).start();
        return job;
    }

    /** What a seeded run came to, and the fingerprint of every turn it took. */
    public record SeededRun(Job job, long trace) {}

    /** As {@link #runSeeded(Plan, RunOptions, Store, long)}, where state ends with the run. */
    public static SeededRun runSeeded(Plan plan, RunOptions options, long seed) throws Exception {
        return runSeeded(plan, options, storeOfItsOwn(options), seed);
    }

    /** As {@link #runSeeded(Plan, RunOptions, Store, ManualClock, long)}, from the beginning of time on. */
    public static SeededRun runSeeded(Plan plan, RunOptions options, @Nullable Store store, long seed)
            throws Exception {
        return runSeeded(plan, options, store, new ManualClock(0), seed);
    }

    /**
     * Runs a plan to its end on the calling thread, in an order drawn from {@code seed}.
     *
     * @param going the wall clock, which the run moves on; not asked where the plan's own events move one
     */
    public static SeededRun runSeeded(
            Plan plan, RunOptions options, @Nullable Store store, ManualClock going, long seed) throws Exception {
        // User code that sleeps while it waits for a commit takes real time for each turn: it need not wait for many.
        RunOptions seeded =
                options.withCheckpointInterval(Math.min(options.checkpointIntervalMillis(), SEEDED_CHECKPOINT_MILLIS));
        List<SeededLoop> loops = new ArrayList<>();
        Job job = new Job(
                plan,
                seeded,
                store,
                null,
                () -> {},
                LocalFiles.ofOneRun(options.jobName()),
                () -> plan.isDrivenByTest() ? new ManualClock(TEST_EPOCH) : going,
                (clock, onFailure) -> {
                    SeededLoop loop =
                            new SeededLoop(seed + loops.size(), (ManualClock) clock, !plan.isDrivenByTest(), onFailure);
                    loops.add(loop);
                    return loop;
                });
        job.keep();
        long trace = 0;
        for (SeededLoop loop : loops) {
            trace = 31 * trace + loop.trace();
        }
        return new SeededRun(job, trace);
    }

    /** Where the JVM is told to end, a job that keeps state takes a last checkpoint first. */
    private void stopWithTheProcess() {
        Thread hook = new Thread(this::stopForGood, "tidemark-" + options.jobName() + "-stop");
        lock.lock();
        try {
            if (!state.isTerminal()) {
                Runtime.getRuntime().addShutdownHook(hook);
                shutdownHook = hook;
            }
        } catch (IllegalStateException e) {
            // It is ending already: then nobody will ask.
            stop();
        } finally {
            lock.unlock();
        }
    }

    private void stopForGood() {
        try {
            stopWithin(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leaveTheProcessAlone() {
        lock.lock();
        try {
            if (shutdownHook != null) {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            }
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending: the hook that has ended this job stays", e);
        } finally {
            lock.unlock();
        }
    }

    /** The keeper's road: the attempts, then the end, which comes whatever happens: somebody may wait for it. */
    private void keep() {
        Attempt.Ending ending;
        try {
            ending = lastEnding();
        } catch (Throwable unexpected) {
            ending = new Attempt.Ending(Attempt.How.FAILED, unexpected);
        }
        Throwable why = ending.why();
        try {
            removeLeftovers(ending.how());
            afterwards.run();
        } catch (Throwable unexpected) {
            if (why == null) {
                why = unexpected;
            } else {
                why.addSuppressed(unexpected);
            }
        }
        leaveTheProcessAlone();
        end(why != null && ending.how() == Attempt.How.DONE ? Attempt.How.FAILED : ending.how(), why);
    }

    /** Of what has come to its end nothing is taken up again; of all else, what the last checkpoint counts on. */
    private void removeLeftovers(Attempt.How how) {
        Store kept = store;
        if (kept == null) {
            return;
        }
        if (how == Attempt.How.DONE) {
            files.removeAll(plan);
        } else {
            files.removeLeftovers(plan, new TaskLedger(kept, new StepNumbers(kept)::of, 0, 1));
        }
    }

    private void end(Attempt.How how, @Nullable Throwable why) {
        lock.lock();
        try {
            failure = why;
            state = switch (how) {
                case DONE -> JobState.DONE;
                case CANCELLED, STOPPED -> JobState.CANCELLED;
                case FAILED, TORN_DOWN -> JobState.FAILED;
            };
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Runs one attempt after the other, until one comes to an end that counts. */
    private Attempt.Ending lastEnding() {
        Attempt.Ending ending = current().run();
        int restarts = 0;
        while (ending.how() == Attempt.How.TORN_DOWN || mayRestart(ending, restarts)) {
            if (ending.how() == Attempt.How.FAILED) {
                restarts++;
                LOG.warn(
                        "TM-JOB-006: job {} failed and goes on from its last checkpoint, restart {}",
                        options.jobName(),
                        restarts,
                        ending.why());
                backOff(restarts);
            }
            try {
                settle();
                ending = next().run();
            } catch (Exception e) {
                ending = new Attempt.Ending(Attempt.How.FAILED, e);
            }
        }
        return ending;
    }

    /** What is no {@code Exception} stops the job: the JVM may not be what it was. */
    private boolean mayRestart(Attempt.Ending ending, int restarts) {
        Durability durability = options.durability();
        Throwable why = ending.why();
        return ending.how() == Attempt.How.FAILED
                && why != null
                && FailedIn.thrownByUser(why) instanceof Exception
                && durability != null
                && restarts < durability.maxRestarts();
    }

    /**
     * The attempt that failed may have had a commit fail, too. What became of that must be known before another reads what is committed.
     * Where it cannot be found out for as long as checkpoints may fail in a row, that counts as one more failure.
     */
    private void settle() throws StoreException {
        Store kept = store;
        for (int tries = 1; kept != null && !isEnding(); tries++) {
            try {
                kept.settle();
                return;
            } catch (StoreException e) {
                if (tries == MOST_TRIES_TO_SETTLE) {
                    throw e;
                }
                LOG.warn(
                        "TM-JOB-012: job {} waits before it goes on from its last checkpoint: {}",
                        options.jobName(),
                        e.getMessage(),
                        e);
                backOff(tries);
            }
        }
    }

    /** Whether nobody goes on after the current attempt. */
    private boolean isEnding() {
        lock.lock();
        try {
            return cancelled || stopping;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Each time longer, because what was wrong outside may take its time to get right. A cancel need not wait for it, nor does anybody
     * where the clock is moved by hand.
     */
    private void backOff(int times) {
        long millis = Math.min(LONGEST_BACK_OFF_MILLIS, FIRST_BACK_OFF_MILLIS << Math.min(times, 16));
        if (clocks.get() instanceof ManualClock clock) {
            clock.advanceTo(clock.millis() + millis);
            return;
        }
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (!cancelled && !stopping && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts the keeper but a JVM that goes down.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private Attempt current() {
        lock.lock();
        try {
            return attempt;
        } finally {
            lock.unlock();
        }
    }

    /** Makes another attempt, which counts its metrics anew from what is committed. */
    private Attempt next() throws Exception {
        JobMetrics anew = new JobMetrics();
        Attempt made = attempt(anew);
        lock.lock();
        try {
            metrics = anew;
            attempt = made;
            if (draining) {
                made.drain();
            }
            // A job that failed while it stopped has its last checkpoint behind it.
            if (cancelled || stopping) {
                made.end(Attempt.How.CANCELLED, null);
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the job as soon as its tasks let go; what they have not processed is lost. No effect on one that has ended. */
    public void cancel() {
        lock.lock();
        try {
            cancelled = true;
            changed.signalAll();
            attempt.end(Attempt.How.CANCELLED, null);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the job with a last checkpoint, from which it goes on when it is started again; what has been done by then is not done
     * again. Where that takes too long the job ends without, and goes on from the checkpoint before. A job that keeps no state is
     * cancelled. Returns at once.
     */
    public void stop() {
        if (options.durability() == null) {
            cancel();
            return;
        }
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            attempt.stop();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #stop}, and waits for the end; after {@code millis} the job is cancelled. */
    public JobState stopWithin(long millis) throws InterruptedException {
        stop();
        if (!await(millis).isTerminal()) {
            LOG.warn(
                    "TM-JOB-007: job {} made no last checkpoint within {} ms and ends without; it goes on from the one before",
                    options.jobName(),
                    millis);
            cancel();
        }
        return await(Long.MAX_VALUE / 1_000_000);
    }

    /**
     * Lets the job come to its end: unbounded sources read no more, watermarks go to the end of time, timers fire and windows close.
     * Returns at once.
     */
    public void drain() {
        lock.lock();
        try {
            draining = true;
            attempt.drain();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes a checkpoint, and a savepoint of it; returns when it is there.
     *
     * @param path where to: it does not exist, and its parent does; null for a place in the job's own directory
     * @return where it is
     * @throws IllegalStateException where the job keeps no state, or ended or failed before
     * @throws IOException where the savepoint could not be written
     */
    public String savepoint(@Nullable String path) throws IOException, InterruptedException {
        if (savepoints == null) {
            throw new IllegalStateException("TM-JOB-009: job " + options.jobName()
                    + " keeps no state, so there is nothing to make a savepoint of. Give it a --jobName.");
        }
        try {
            return current().savepoint(path).get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IllegalStateException over) {
                throw over;
            }
            throw new IOException(cause == null ? null : cause.getMessage(), cause);
        }
    }

    /** Whether the job goes on from what it has committed when it is started again. */
    public boolean keepsState() {
        return options.durability() != null;
    }

    /** How the job stands. A terminal state is told only once every thread and every DoFn has been released. */
    public JobState state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** Why the job failed; null unless it did. */
    public @Nullable Throwable failure() {
        lock.lock();
        try {
            return state == JobState.FAILED ? failure : null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a terminal state, at most {@code millis}; the state then. */
    public JobState await(long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        try {
            while (!state.isTerminal() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    /** What has been counted so far. */
    public MetricResults metrics() {
        lock.lock();
        try {
            return metrics.results();
        } finally {
            lock.unlock();
        }
    }
}
