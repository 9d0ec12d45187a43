package dev.tidemark.runner.job;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Something that takes turns, and where it stands with the scheduler: a task, or the job's own clockwork. The reference says
 * who may run it; that is all that keeps a task on one thread at a time.
 *
 * <pre>
 *   IDLE ──wake──► QUEUED ──taken──► RUNNING ──► IDLE, or QUEUED where a wake came meanwhile (WOKEN), or FAILED for ever
 * </pre>
 */
final class Slot {
    enum Place {
        IDLE,
        QUEUED,
        RUNNING,
        WOKEN,
        /** A turn has failed: there will be no other, whoever wakes it. */
        FAILED
    }

    /** One turn, at a time in milliseconds, with a budget of elements. */
    interface Turns {
        Task.Outcome step(long now, int budget) throws Exception;

        /** Whether a turn that is under way is interrupted where the job ends: not one that writes to the disk. */
        default boolean isInterruptible() {
            return true;
        }

        /** The step whose code the turn is in, or has failed in; null where it is none's, or is not known. Any thread. */
        default @Nullable String inStep() {
            return null;
        }

        /** Where among its elements that step was; null where it was at none, or no turn has failed. For who ran the turn. */
        default @Nullable String failedAt() {
            return null;
        }

        /** When the next turn is due without a wake, in milliseconds, or {@link Long#MAX_VALUE}. */
        long nextAlarm();
    }

    private final String name;
    private final boolean whenQuiet;
    private final AtomicReference<Place> place = new AtomicReference<>(Place.IDLE);

    // --- set once, before the scheduler starts
    private Turns turns = Unassigned.NOTHING;

    // --- owned by whoever runs the slot
    private int budget;
    // --- under the scheduler's lock
    long alarm = Long.MAX_VALUE;
    long queuedAtNanos;

    private enum Unassigned implements Turns {
        NOTHING;

        @Override
        public Task.Outcome step(long now, int budget) {
            throw new IllegalStateException("a slot without turns was run");
        }

        @Override
        public long nextAlarm() {
            return Long.MAX_VALUE;
        }
    }

    /** @param whenQuiet whether it gets a turn only when nothing else has any: the driver of a test */
    Slot(String name, int budget, boolean whenQuiet) {
        this.name = name;
        this.whenQuiet = whenQuiet;
        this.budget = budget;
    }

    /** Says who takes the turns: channels must know the slot before there is a task to put into it. */
    void assign(Turns taker) {
        turns = taker;
    }

    /** Whether a turn is under way. */
    boolean isInTurn() {
        Place now = place.get();
        return now == Place.RUNNING || now == Place.WOKEN;
    }

    Turns turns() {
        return turns;
    }

    boolean whenQuiet() {
        return whenQuiet;
    }

    int budget() {
        return budget;
    }

    void budget(int elements) {
        budget = elements;
    }

    /** Notes a wake. Returns whether the caller must queue the slot. */
    boolean wake() {
        while (true) {
            switch (Objects.requireNonNull(place.get())) {
                case QUEUED, WOKEN, FAILED -> {
                    return false;
                }
                case IDLE -> {
                    if (place.compareAndSet(Place.IDLE, Place.QUEUED)) {
                        return true;
                    }
                }
                case RUNNING -> {
                    if (place.compareAndSet(Place.RUNNING, Place.WOKEN)) {
                        return false;
                    }
                }
            }
        }
    }

    /** The scheduler took the slot out of its queue. */
    void taken() {
        place.set(Place.RUNNING);
    }

    /** The turn is over. Returns whether the slot must be queued again. */
    boolean turnOver(boolean more) {
        if (more || !place.compareAndSet(Place.RUNNING, Place.IDLE)) {
            place.set(Place.QUEUED);
            return true;
        }
        return false;
    }

    /** The turn has failed, and leaves its taker in the middle of something: nobody must go on with that. */
    void turnFailed() {
        place.set(Place.FAILED);
    }

    /** Where a turn is that is under way, or has failed: the step, where it is in one, and the task. */
    String whereabouts() {
        String step = turns.inStep();
        return step == null ? "task " + name : "step " + step + " (task " + name + ")";
    }

    @Override
    public String toString() {
        return name;
    }
}
