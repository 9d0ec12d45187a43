package dev.tidemark.runner.job;

import dev.tidemark.runner.operator.JobMetrics;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.store.MemoryStore;
import dev.tidemark.runner.store.StateDirectory;
import dev.tidemark.runner.store.StateOptions;
import dev.tidemark.runner.store.Store;
import dev.tidemark.runner.time.Clock;
import dev.tidemark.runner.time.ManualClock;
import java.util.ArrayList;
import java.util.List;
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

    /** A job that is torn down on purpose is left alone after so many times, lest it never get anywhere. */
    private static final int MOST_TEAR_DOWNS = 200;

    private final Plan plan;
    private final RunOptions options;
    private final @Nullable Store store;
    private final Runnable afterwards;
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
    private @Nullable Throwable failure;

    /** Makes the scheduler of an attempt. */
    private interface Schedulers {
        Scheduler scheduler(Clock clock, BiConsumer<Slot, Throwable> onFailure);
    }

    /** Makes the first attempt; {@code afterwards} is done once the last has ended. */
    private Job(
            Plan plan,
            RunOptions options,
            @Nullable Store store,
            Runnable afterwards,
            Supplier<Clock> clocks,
            Schedulers schedulers)
            throws Exception {
        this.plan = plan;
        this.options = options;
        this.store = store;
        this.afterwards = afterwards;
        this.clocks = clocks;
        this.schedulers = schedulers;
        this.attempt = attempt(metrics);
    }

    private Attempt attempt(JobMetrics counting) throws Exception {
        Clock clock = clocks.get();
        attempts++;
        RunOptions ofAttempt = attempts > MOST_TEAR_DOWNS ? options.withoutTearingDown() : options;
        return new Attempt(
                plan, ofAttempt, store, clock, counting, onFailure -> schedulers.scheduler(clock, onFailure));
    }

    /**
     * Starts a plan on threads of its own and returns. Splitting the sources calls user code on this thread.
     *
     * @throws StoreException where the job's state cannot be used; nothing has been read or written then, and nothing is lost
     */
    public static Job start(Plan plan, RunOptions options) throws Exception {
        Durability durability = options.durability();
        if (durability == null) {
            return start(plan, options, storeOfItsOwn(options), () -> {});
        }
        StateDirectory state = StateDirectory.open(durability.directory(), options.jobName(), stateOptions(durability));
        try {
            return start(plan, options, state.store(), state::close);
        } catch (Exception e) {
            state.close();
            throw e;
        }
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

    private static Job start(Plan plan, RunOptions options, @Nullable Store store, Runnable afterwards)
            throws Exception {
        Job job = new Job(
                plan,
                options,
                store,
                afterwards,
                () -> plan.isDrivenByTest() ? new ManualClock(TEST_EPOCH) : Clock.system(),
                (clock, onFailure) ->
                        new WorkerPool(options.jobName(), options.workers(), options.turnElements(), clock, onFailure));
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

    /** Runs a plan to its end on the calling thread, in an order drawn from {@code seed}. */
    public static SeededRun runSeeded(Plan plan, RunOptions options, @Nullable Store store, long seed)
            throws Exception {
        // User code that sleeps while it waits for a commit takes real time for each turn: it need not wait for many.
        RunOptions seeded =
                options.withCheckpointInterval(Math.min(options.checkpointIntervalMillis(), SEEDED_CHECKPOINT_MILLIS));
        ManualClock going = new ManualClock(0);
        List<SeededLoop> loops = new ArrayList<>();
        Job job = new Job(
                plan,
                seeded,
                store,
                () -> {},
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

    /** The keeper's road: one attempt after the other, until one comes to an end that counts. */
    private void keep() {
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
                awaitRestart(restarts);
            }
            try {
                ending = next().run();
            } catch (Exception e) {
                ending = new Attempt.Ending(Attempt.How.FAILED, e);
            }
        }
        afterwards.run();
        lock.lock();
        try {
            failure = ending.why();
            state = switch (ending.how()) {
                case DONE -> JobState.DONE;
                case CANCELLED -> JobState.CANCELLED;
                case FAILED, TORN_DOWN -> JobState.FAILED;
            };
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What is no {@code Exception} stops the job: the JVM may not be what it was. */
    private boolean mayRestart(Attempt.Ending ending, int restarts) {
        Durability durability = options.durability();
        return ending.how() == Attempt.How.FAILED
                && ending.why() instanceof Exception
                && durability != null
                && restarts < durability.maxRestarts();
    }

    /** Each time longer, because what was wrong outside may take its time to get right. A cancel need not wait for it. */
    private void awaitRestart(int restarts) {
        long left = TimeUnit.MILLISECONDS.toNanos(
                Math.min(LONGEST_BACK_OFF_MILLIS, FIRST_BACK_OFF_MILLIS << Math.min(restarts, 16)));
        lock.lock();
        try {
            while (!cancelled && left > 0) {
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
            if (cancelled) {
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
