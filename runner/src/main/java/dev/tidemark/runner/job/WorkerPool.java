package dev.tidemark.runner.job;

import dev.tidemark.runner.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small pool of threads that give turns, first come, first served. No worker polls: one without work sleeps until a wake or
 * the next alarm, so an idle job uses next to no processor time.
 *
 * <p>User code may block a worker for as long as it likes. A watch notices when tasks wait while every worker is busy and one of
 * them is stuck, and starts a spare beside it, up to {@link #MOST_SPARES}; spares go when there is nothing for them. Of a turn that does
 * not end the watch says where it is: somebody may wait for a result, and wonder.
 */
final class WorkerPool implements Scheduler {
    /** Threads beside the regular workers at most. A test of Beam's own reads a hundred splits that each block for seconds. */
    static final int MOST_SPARES = 256;

    /** A turn is meant to last about this long; the budget of a task follows. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** A worker whose turn has lasted this long without using the processor counts as stuck. */
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A worker whose turn has lasted this long counts as stuck even if it computes. */
    private static final long LONG_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** A turn that has lasted this long is reported, and again each time it has lasted twice as long. */
    static final long PATIENCE_MILLIS = 60_000;

    private static final long SPARE_IDLE_MILLIS = 1_000;
    private static final long WATCH_MILLIS = 10;
    /** How often the watch looks at turns before they are reported. */
    private static final int LOOKS_IN_PATIENCE = 6;

    private static final int MOST_DOUBLINGS = 20;
    private static final long LONGEST_SLEEP_MILLIS = 3_600_000;

    private final String jobName;
    private final int workers;
    private final int mostElements;
    private final long patienceMillis;
    private final Clock clock;
    private final BiConsumer<Slot, Throwable> onFailure;
    private final Consumer<String> onLongTurn;
    private final @Nullable ClassLoader classLoader;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition backlog = lock.newCondition();
    private final Condition quiet = lock.newCondition();
    // --- under the lock
    private final ArrayDeque<Slot> ready = new ArrayDeque<>();
    private final ArrayDeque<Slot> readyWhenQuiet = new ArrayDeque<>();
    private int inTurns;
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::time));
    private final List<Worker> alive = new ArrayList<>();
    /** Every thread that may still exist: one that has left for good takes a moment to be gone. */
    private final List<Thread> threads = new ArrayList<>();

    private int sleeping;
    /** When the watch looks at the alarms by itself: at once while it is awake. */
    private long watchLooksAt = Long.MIN_VALUE;

    private int named;
    private boolean stopped;

    private record Alarm(long time, Slot slot) {}

    /** A thread of the pool, and since when it has been in the turn it is in. */
    private final class Worker extends Thread {
        private final boolean spare;
        private volatile long turnBegan;
        private volatile boolean inTurn;
        private volatile boolean interruptible = true;
        private volatile @Nullable Slot slot;
        /** Of the turn that was reported last: when it began, and how often it was reported. */
        private volatile long reportedTurn = Long.MIN_VALUE;

        private int reports;

        Worker(String name, boolean spare) {
            super(name);
            this.spare = spare;
            setDaemon(true);
            setContextClassLoader(classLoader);
        }

        @Override
        public void run() {
            try {
                for (Slot slot = take(spare); slot != null; slot = take(spare)) {
                    runTurn(slot, this);
                    turnOver();
                }
            } finally {
                leave(this);
            }
        }
    }

    /**
     * @param patienceMillis how long a turn may last before it is reported: {@link #PATIENCE_MILLIS}, or what a test has
     * @param onFailure hears what a turn threw; the slot gets no further turn
     * @param onLongTurn hears of turns that last too long, and of those that are over after all
     */
    WorkerPool(
            String jobName,
            int workers,
            int mostElements,
            long patienceMillis,
            Clock clock,
            BiConsumer<Slot, Throwable> onFailure,
            Consumer<String> onLongTurn) {
        this.jobName = jobName;
        this.workers = workers;
        this.mostElements = mostElements;
        this.patienceMillis = patienceMillis;
        this.clock = clock;
        this.onFailure = onFailure;
        this.onLongTurn = onLongTurn;
        this.classLoader = Thread.currentThread().getContextClassLoader();
    }

    @Override
    public void start() {
        lock.lock();
        try {
            for (int i = 0; i < workers; i++) {
                hire(false);
            }
            Thread watch = new Thread(this::watch, "tidemark-" + jobName + "-watch");
            watch.setDaemon(true);
            watch.start();
            threads.add(watch);
        } finally {
            lock.unlock();
        }
    }

    private void hire(boolean spare) {
        Worker worker = new Worker("tidemark-" + jobName + (spare ? "-spare-" : "-worker-") + named++, spare);
        alive.add(worker);
        worker.start();
        threads.removeIf(thread -> !thread.isAlive());
        threads.add(worker);
    }

    @Override
    public void wake(Slot slot) {
        if (slot.wake()) {
            lock.lock();
            try {
                enqueue(slot);
            } finally {
                lock.unlock();
            }
        }
    }

    private void enqueue(Slot slot) {
        slot.queuedAtNanos = clock.nanos();
        if (slot.whenQuiet()) {
            readyWhenQuiet.add(slot);
        } else {
            ready.add(slot);
        }
        if (sleeping > 0) {
            work.signal();
        } else {
            backlog.signal();
        }
    }

    /** The next slot to run; null when the worker should go. */
    private @Nullable Slot take(boolean spare) {
        lock.lock();
        try {
            while (!stopped) {
                ringAlarms();
                Slot slot = ready.poll();
                if (slot == null && inTurns == 0) {
                    slot = readyWhenQuiet.poll();
                }
                if (slot != null) {
                    inTurns++;
                    slot.taken();
                    Alarm first = alarms.peek();
                    if (sleeping == 0 && first != null && first.time() < watchLooksAt) {
                        // Nobody but the watch will see it come due, if the turns last.
                        backlog.signal();
                    }
                    return slot;
                }
                if (!sleep(spare)) {
                    return null;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void turnOver() {
        lock.lock();
        try {
            inTurns--;
        } finally {
            lock.unlock();
        }
    }

    private void ringAlarms() {
        long now = clock.millis();
        for (Alarm first = alarms.peek(); first != null && first.time() <= now; first = alarms.peek()) {
            alarms.remove();
            if (first.slot().alarm == first.time()) {
                first.slot().alarm = Long.MAX_VALUE;
                if (first.slot().wake()) {
                    enqueue(first.slot());
                }
            }
        }
    }

    /** Sleeps until there may be work. Returns false when a spare has slept long enough to go. */
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's: it looks for work after every wake, spurious or not
    private boolean sleep(boolean spare) {
        Alarm first = alarms.peek();
        long millis = first == null ? Long.MAX_VALUE : Math.max(1, first.time() - clock.millis());
        sleeping++;
        try {
            if (spare) {
                boolean signalled = work.await(Math.min(millis, SPARE_IDLE_MILLIS), TimeUnit.MILLISECONDS);
                // Where it was an alarm that ended the sleep, the spare is the one who rings it.
                return signalled || !ready.isEmpty() || millis <= SPARE_IDLE_MILLIS;
            }
            if (millis == Long.MAX_VALUE) {
                work.await();
            } else {
                work.awaitNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(millis, LONGEST_SLEEP_MILLIS)));
            }
            return true;
        } catch (InterruptedException e) {
            // User code left an interrupt behind, or the job is being stopped: the loop looks at which.
            return true;
        } finally {
            sleeping--;
        }
    }

    private void runTurn(Slot slot, Worker worker) {
        long began = clock.nanos();
        worker.turnBegan = began;
        worker.slot = slot;
        worker.interruptible = slot.turns().isInterruptible();
        worker.inTurn = true;
        boolean more;
        try {
            more = slot.turns().step(clock.millis(), slot.budget()) == Task.Outcome.MORE;
        } catch (Throwable failure) {
            slot.turnFailed();
            onFailure.accept(slot, failure);
            return;
        } finally {
            worker.inTurn = false;
            worker.interruptible = true;
        }
        if (worker.reportedTurn == began) {
            onLongTurn.accept(said(slot + " goes on", clock.nanos() - began));
        }
        adapt(slot, clock.nanos() - began);
        boolean again = slot.turnOver(more);
        long alarm = again ? Long.MAX_VALUE : slot.turns().nextAlarm();
        if (again || alarm != Long.MAX_VALUE) {
            lock.lock();
            try {
                if (again) {
                    enqueue(slot);
                } else {
                    setAlarm(slot, alarm);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void setAlarm(Slot slot, long time) {
        if (time < slot.alarm) {
            slot.alarm = time;
            alarms.add(new Alarm(time, slot));
        }
        // The worker that set it looks at the alarms next; nobody else needs to be told.
    }

    private void adapt(Slot slot, long nanos) {
        if (nanos > 2 * TURN_NANOS) {
            slot.budget(Math.max(1, slot.budget() / 2));
        } else if (nanos < TURN_NANOS / 2) {
            slot.budget(Math.min(mostElements, slot.budget() * 2));
        }
    }

    /** Starts spares while tasks wait behind stuck workers, and reports turns that do not end. */
    private void watch() {
        lock.lock();
        try {
            while (!stopped) {
                report(longTurns());
                if (ready.isEmpty()) {
                    awaitBacklog();
                    ringAlarms();
                } else {
                    backlog.await(WATCH_MILLIS, TimeUnit.MILLISECONDS);
                    if (!stopped && needsSpare()) {
                        hire(true);
                    }
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts the watch but a JVM that goes down.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Sleeps until there may be a backlog: where every worker is busy, nobody else sees an alarm come due. */
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void awaitBacklog() throws InterruptedException {
        Alarm first = alarms.peek();
        long millis = Math.max(1, patienceMillis / LOOKS_IN_PATIENCE);
        if (first == null || sleeping > 0) {
            watchLooksAt = Long.MAX_VALUE;
        } else {
            watchLooksAt = first.time();
            millis = Math.min(millis, Math.max(1, first.time() - clock.millis()));
        }
        backlog.await(millis, TimeUnit.MILLISECONDS);
        watchLooksAt = Long.MIN_VALUE;
    }

    /** What is to be said of turns that do not end. */
    private List<String> longTurns() {
        List<String> said = new ArrayList<>();
        long now = clock.nanos();
        for (Worker worker : alive) {
            Slot slot = worker.slot;
            boolean inTurn = worker.inTurn;
            // Last: where it began long ago, what was read before is of the same turn.
            long began = worker.turnBegan;
            int reports = worker.reportedTurn == began ? worker.reports : 0;
            long patience = TimeUnit.MILLISECONDS.toNanos(patienceMillis) << Math.min(reports, MOST_DOUBLINGS);
            if (inTurn && slot != null && now - began > patience) {
                worker.reportedTurn = began;
                worker.reports = reports + 1;
                said.add(said(slot.whereabouts() + " has not returned", now - began)
                        + " Checkpoints, and what comes behind it, wait for it. It is here:"
                        + Stream.of(worker.getStackTrace())
                                .map(frame -> "\n    at " + frame)
                                .collect(Collectors.joining()));
            }
        }
        return said;
    }

    /** Without the lock: who writes a log may take his time, and nobody is to wait for that. */
    private void report(List<String> turns) {
        if (turns.isEmpty()) {
            return;
        }
        lock.unlock();
        try {
            turns.forEach(onLongTurn);
        } finally {
            lock.lock();
        }
    }

    private String said(String what, long nanos) {
        return String.format(Locale.ROOT, "TM-JOB-011: job %s: %s after %.1f s.", jobName, what, nanos / 1e9);
    }

    private boolean needsSpare() {
        Slot oldest = ready.peek();
        if (oldest == null || sleeping > 0 || alive.size() >= workers + MOST_SPARES) {
            return false;
        }
        long now = clock.nanos();
        int stuck = 0;
        for (Worker worker : alive) {
            long lasted = now - worker.turnBegan;
            boolean waits = worker.getState() != Thread.State.RUNNABLE;
            if (worker.inTurn && (lasted > LONG_TURN_NANOS || (waits && lasted > STUCK_NANOS))) {
                stuck++;
            }
        }
        return now - oldest.queuedAtNanos > STUCK_NANOS && alive.size() - stuck < workers;
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            work.signalAll();
            backlog.signalAll();
            for (Worker worker : alive) {
                if (worker != Thread.currentThread() && worker.interruptible) {
                    worker.interrupt();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(Worker worker) {
        lock.lock();
        try {
            alive.remove(worker);
            quiet.signalAll();
            // With the last sleeper gone, the watch has the alarms.
            backlog.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitStopped(long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (!alive.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = quiet.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }
}
