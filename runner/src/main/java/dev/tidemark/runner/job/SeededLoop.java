package dev.tidemark.runner.job;

import dev.tidemark.runner.time.ManualClock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * Gives turns on the calling thread, in an order and with budgets drawn from a seed, under a clock that jumps to the next alarm
 * when there is nothing else to do. The same seed gives the same {@linkplain #trace trace}: a failure found this way can be
 * replayed. For tests; a source that waits for the outside world would be asked again and again.
 */
final class SeededLoop implements Scheduler {
    private static final int[] BUDGETS = {1, 3, 64, 4096};

    private record Alarm(long time, long order, Slot slot) {}

    /** A turn takes less than this, in milliseconds that pass by themselves. */
    private static final int LONGEST_TURN_MILLIS = 3;

    private final Random random;
    private final boolean timePasses;
    private final ManualClock clock;
    private final BiConsumer<Slot, Throwable> onFailure;
    private final List<Slot> ready = new ArrayList<>();
    private final List<Slot> readyWhenQuiet = new ArrayList<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::time).thenComparingLong(Alarm::order));
    private long alarmsSet;
    private long trace = 17;
    private long turns;
    private boolean stopped;

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
            enqueue(slot);
        }
    }

    private void enqueue(Slot slot) {
        (slot.whenQuiet() ? readyWhenQuiet : ready).add(slot);
    }

    @Override
    public void start() {
        while (!stopped) {
            ringDueAlarms();
            if (!ready.isEmpty()) {
                runTurn(ready.remove(random.nextInt(ready.size())));
            } else if (!readyWhenQuiet.isEmpty()) {
                runTurn(readyWhenQuiet.remove(random.nextInt(readyWhenQuiet.size())));
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

    private void runTurn(Slot slot) {
        slot.taken();
        int budget = BUDGETS[random.nextInt(BUDGETS.length)];
        Task.Outcome outcome;
        try {
            if (timePasses) {
                clock.advanceTo(clock.millis() + random.nextInt(LONGEST_TURN_MILLIS));
            }
            outcome = slot.turns().step(clock.millis(), budget);
        } catch (Throwable failure) {
            slot.turnFailed();
            onFailure.accept(slot, failure);
            return;
        }
        turns++;
        trace = 31 * (31 * (31 * trace + slot.toString().hashCode()) + budget)
                + outcome.name().hashCode();
        if (slot.turnOver(outcome == Task.Outcome.MORE)) {
            enqueue(slot);
        } else {
            setAlarm(slot, slot.turns().nextAlarm());
        }
    }

    private void setAlarm(Slot slot, long time) {
        if (time < slot.alarm) {
            slot.alarm = time;
            alarms.add(new Alarm(time, alarmsSet++, slot));
        }
    }

    /** A fingerprint of every turn taken: who, with what budget, with what outcome. */
    long trace() {
        return 31 * trace + turns;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public boolean awaitStopped(long millis) {
        return true;
    }
}
