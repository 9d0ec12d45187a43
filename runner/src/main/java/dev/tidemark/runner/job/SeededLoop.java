package dev.tidemark.runner.job;

import dev.tidemark.runner.time.Clock;
import dev.tidemark.runner.time.ManualClock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives turns on the calling thread, one at a time, in an order and with budgets drawn from a seed, under a clock that jumps to the next
 * alarm when there is nothing else to do. The same seed gives the same {@linkplain #trace trace}: a failure found this way can be
 * replayed. For tests; a source that waits for the outside world would be asked again and again.
 *
 * <p>User code that sleeps, or waits for something outside, is left behind after {@link #STUCK_MILLIS}: a thread beside it goes on with
 * the others, and until it is back the clock jumps no further than real time has gone. Such a run depends on real time by its own doing,
 * and its trace differs from run to run.
 */
final class SeededLoop implements Scheduler {
    private static final int[] BUDGETS = {1, 3, 64, 4096};

    private record Alarm(long time, long order, Slot slot) {}

    /** A turn takes less than this, in milliseconds that pass by themselves. */
    private static final int LONGEST_TURN_MILLIS = 3;

    /** A turn that has waited for this long, in real time, is left behind. */
    static final long STUCK_MILLIS = 50;

    private static final long WATCH_MILLIS = 10;
    private static final long LONGEST_SLEEP_MILLIS = 3_600_000;

    /** A turn under way. */
    private static final class Taken {
        final Thread thread = Thread.currentThread();
        final long beganNanos;
        final boolean interruptible;
        /** Whether somebody else gives the turns meanwhile. Under the lock. */
        boolean leftBehind;

        boolean interrupted;

        Taken(Slot slot, long beganNanos) {
            this.beganNanos = beganNanos;
            this.interruptible = slot.turns().isInterruptible();
        }
    }

    private final Random random;
    private final boolean timePasses;
    private final ManualClock clock;
    private final Clock realClock = Clock.system();
    private final BiConsumer<Slot, Throwable> onFailure;

    private final ReentrantLock lock = new ReentrantLock();
    /** There may be something to do for the thread that gives the turns. */
    private final Condition work = lock.newCondition();
    /** A turn that was left behind is over, or the job is. */
    private final Condition back = lock.newCondition();
    // --- under the lock
    private final List<Slot> ready = new ArrayList<>();
    private final List<Slot> readyWhenQuiet = new ArrayList<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::time).thenComparingLong(Alarm::order));
    private long alarmsSet;
    private long trace = 17;
    private long turns;
    private boolean stopped;
    /** The turn that was given last, where it is under way. */
    private @Nullable Taken current;

    private final List<Taken> leftBehind = new ArrayList<>();
    /** What the clock and the real one said when there began to be some. */
    private long leftAtMillis;

    private long leftAtNanos;
    private final List<Thread> threads = new ArrayList<>();
    private @Nullable IllegalStateException broken;
    private boolean interruptedFromOutside;

    /** @param timePasses whether time goes by while tasks work, or only a test moves the clock */
    SeededLoop(long seed, ManualClock clock, boolean timePasses, BiConsumer<Slot, Throwable> onFailure) {
        this.random = new Random(seed);
        this.timePasses = timePasses;
        this.clock = clock;
        this.onFailure = onFailure;
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
        (slot.whenQuiet() ? readyWhenQuiet : ready).add(slot);
        if (!leftBehind.isEmpty()) {
            work.signal();
        }
    }

    /** Returns when the job is over, and this thread out of user code. */
    @Override
    public void start() {
        lock.lock();
        try {
            startThread("watch", this::watch);
            giveTurns();
            while (!stopped) {
                // This thread was left behind, and another one gives the turns.
                await(back, Long.MAX_VALUE);
            }
            if (broken != null) {
                throw broken;
            }
        } finally {
            stop();
            lock.unlock();
            if (interruptedFromOutside) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void startThread(String name, Runnable work) {
        Thread thread = new Thread(work, "tidemark-seeded-" + name);
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        threads.removeIf(each -> !each.isAlive());
        threads.add(thread);
        thread.start();
    }

    /** What a thread does that takes the place of one that was left behind. */
    private void standIn() {
        lock.lock();
        try {
            giveTurns();
        } catch (IllegalStateException e) {
            // The thread that waits in start() says so.
            broken = e;
            stop();
        } finally {
            lock.unlock();
        }
    }

    /** Gives turns until the job is over, or this thread is left behind in one. Under the lock, but for the turns themselves. */
    private void giveTurns() {
        boolean leads = true;
        while (leads && !stopped) {
            ringDueAlarms();
            if (!ready.isEmpty()) {
                leads = runTurn(ready.remove(random.nextInt(ready.size())));
            } else if (!leftBehind.isEmpty()) {
                awaitRealTime();
            } else if (!readyWhenQuiet.isEmpty()) {
                leads = runTurn(readyWhenQuiet.remove(random.nextInt(readyWhenQuiet.size())));
            } else if (alarms.isEmpty()) {
                throw new IllegalStateException(
                        "TM-JOB-002: nothing is ready and no alarm is set, but the job is not over");
            } else {
                clock.advanceTo(alarms.element().time());
            }
        }
    }

    private void ringDueAlarms() {
        for (Alarm first = alarms.peek(); first != null && first.time() <= clock.millis(); first = alarms.peek()) {
            alarms.remove();
            if (first.slot().alarm == first.time()) {
                first.slot().alarm = Long.MAX_VALUE;
                wake(first.slot());
            }
        }
    }

    /** Somebody is left behind, and nothing else is to be done before the next alarm: that comes when it would come by itself. */
    private void awaitRealTime() {
        if (alarms.isEmpty() || !timePasses) {
            await(work, Long.MAX_VALUE);
            return;
        }
        long gone = TimeUnit.NANOSECONDS.toMillis(realClock.nanos() - leftAtNanos);
        long missing = alarms.element().time() - (leftAtMillis + gone);
        if (missing <= 0) {
            clock.advanceTo(alarms.element().time());
        } else {
            await(work, missing);
        }
    }

    /** An interrupt is meant for user code: it is passed on to those who are in some. */
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void await(Condition condition, long millis) {
        try {
            condition.await(Math.min(millis, LONGEST_SLEEP_MILLIS), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interruptedFromOutside = true;
            interruptTurns(false);
        }
    }

    /** Returns whether this thread goes on giving turns. */
    private boolean runTurn(Slot slot) {
        slot.taken();
        int budget = BUDGETS[random.nextInt(BUDGETS.length)];
        if (timePasses) {
            clock.advanceTo(clock.millis() + random.nextInt(LONGEST_TURN_MILLIS));
        }
        Taken taken = new Taken(slot, realClock.nanos());
        current = taken;
        Task.@Nullable Outcome outcome = null;
        long alarm = Long.MAX_VALUE;
        lock.unlock();
        try {
            outcome = slot.turns().step(clock.millis(), budget);
            alarm = slot.turns().nextAlarm();
        } catch (Throwable failure) {
            slot.turnFailed();
            onFailure.accept(slot, failure);
        } finally {
            lock.lock();
        }
        boolean leads = !taken.leftBehind;
        if (leads) {
            current = null;
        } else {
            leftBehind.remove(taken);
            work.signal();
            back.signalAll();
        }
        if (taken.interrupted) {
            // By us, and meant for the user's code alone.
            Thread.interrupted();
        }
        if (outcome != null) {
            turnOver(slot, budget, outcome, alarm);
        }
        return leads;
    }

    private void turnOver(Slot slot, int budget, Task.Outcome outcome, long alarm) {
        turns++;
        trace = 31 * (31 * (31 * trace + slot.toString().hashCode()) + budget)
                + outcome.name().hashCode();
        if (slot.turnOver(outcome == Task.Outcome.MORE)) {
            enqueue(slot);
        } else {
            setAlarm(slot, alarm);
        }
    }

    private void setAlarm(Slot slot, long time) {
        if (time < slot.alarm) {
            slot.alarm = time;
            alarms.add(new Alarm(time, alarmsSet++, slot));
        }
    }

    /** Leaves turns behind that wait. */
    private void watch() {
        lock.lock();
        try {
            while (!stopped) {
                back.await(WATCH_MILLIS, TimeUnit.MILLISECONDS);
                Taken taken = current;
                if (!stopped && taken != null && isStuck(taken)) {
                    leaveBehind(taken);
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts the watch but a JVM that goes down.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean isStuck(Taken taken) {
        return realClock.nanos() - taken.beganNanos > TimeUnit.MILLISECONDS.toNanos(STUCK_MILLIS)
                && taken.thread.getState() != Thread.State.RUNNABLE
                // It waits for this very look at it.
                && !lock.hasQueuedThread(taken.thread);
    }

    private void leaveBehind(Taken taken) {
        if (leftBehind.isEmpty()) {
            leftAtMillis = clock.millis();
            leftAtNanos = taken.beganNanos;
        }
        taken.leftBehind = true;
        leftBehind.add(taken);
        current = null;
        startThread("spare-" + turns, this::standIn);
    }

    /** A fingerprint of every turn taken: who, with what budget, with what outcome. */
    long trace() {
        return 31 * trace + turns;
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            if (!stopped) {
                stopped = true;
                interruptTurns(true);
                work.signal();
                back.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @param byUs whether the interrupt ends with the turn, because nobody outside has asked for it */
    private void interruptTurns(boolean byUs) {
        for (Taken taken : leftBehind) {
            interrupt(taken, byUs);
        }
        if (current != null) {
            interrupt(current, byUs);
        }
    }

    private static void interrupt(Taken taken, boolean byUs) {
        if (taken.interruptible && taken.thread != Thread.currentThread()) {
            taken.interrupted = byUs;
            taken.thread.interrupt();
        }
    }

    @Override
    public boolean awaitStopped(long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lock();
        try {
            while (!leftBehind.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = back.awaitNanos(left);
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
