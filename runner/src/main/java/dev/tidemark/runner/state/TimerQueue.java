package dev.tidemark.runner.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.beam.sdk.state.TimeDomain;
import org.jspecify.annotations.Nullable;

/**
 * The pending timers of one operator, by time and by id. Owned by one task.
 *
 * <p>The queue is the truth while timers fire: the operator takes the first, calls the user, and looks again, so a timer that a
 * callback sets, moves or clears counts at once. Every pending timer's output time is in the operator's {@link Holds}.
 */
public final class TimerQueue {
    private final Holds holds;
    private final Map<TimerEntry.Id, TimerEntry> byId = new HashMap<>();
    private final EnumMap<TimeDomain, TimerHeap> heaps = new EnumMap<>(TimeDomain.class);
    private long sequence;
    private @Nullable KeyedLedger ledger;
    /** Timers that have changed since they were saved; also such as are not pending any more. */
    private final List<TimerEntry> dirty = new ArrayList<>();

    public TimerQueue(Holds holds) {
        this.holds = holds;
        for (TimeDomain domain : TimeDomain.values()) {
            heaps.put(domain, new TimerHeap());
        }
    }

    /** Takes up what the ledger has, and from now on keeps there what changes. The queue is empty. */
    public void restore(KeyedLedger from) {
        restore(from, id -> true);
    }

    /** The same where only some timers can fire: others, for which there is no place any more, are removed from the ledger. */
    public void restore(KeyedLedger from, Predicate<TimerEntry.Id> canFire) {
        if (from.isKept()) {
            ledger = from;
            from.restore((id, key, time, outputTime) -> {
                if (canFire.test(id)) {
                    restored(id, key, time, outputTime);
                } else {
                    dropped(id, key);
                }
            });
        }
    }

    private void dropped(TimerEntry.Id id, @Nullable Object key) {
        TimerEntry entry = new TimerEntry(id, key);
        entry.stored = true;
        entry.dirty = true;
        dirty.add(entry);
    }

    private void restored(TimerEntry.Id id, @Nullable Object key, long time, long outputTime) {
        TimerEntry entry = new TimerEntry(id, key);
        entry.time = time;
        entry.outputTime = outputTime;
        entry.sequence = sequence++;
        entry.stored = true;
        entry.savedIn = 0;
        byId.put(id, entry);
        heap(id.domain()).add(entry);
        holds.add(outputTime);
    }

    /** Every pending timer, in no order. */
    public Iterable<TimerEntry> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** Writes into the ledger what has changed since the last time, for {@code epoch}. */
    @SuppressWarnings("ReferenceEquality") // another timer of the same id is another timer
    public void save(long epoch) {
        KeyedLedger to = ledger;
        if (to == null) {
            return;
        }
        for (TimerEntry entry : dirty) {
            entry.dirty = false;
            if (byId.get(entry.id()) == entry) {
                to.put(entry);
                entry.stored = true;
                entry.savedIn = epoch;
            } else if (entry.stored) {
                to.delete(entry);
                entry.stored = false;
            }
        }
        dirty.clear();
    }

    private void touch(TimerEntry entry) {
        entry.savedIn = Long.MAX_VALUE;
        if (ledger != null && !entry.dirty) {
            entry.dirty = true;
            dirty.add(entry);
        }
    }

    /** Sets the timer, or moves it where it is pending already: its hold moves with it. */
    public void set(TimerEntry.Id id, @Nullable Object key, long time, long outputTime) {
        TimerEntry entry = byId.get(id);
        holds.add(outputTime);
        if (entry == null) {
            entry = new TimerEntry(id, key);
            entry.time = time;
            entry.outputTime = outputTime;
            entry.sequence = sequence++;
            byId.put(id, entry);
            heap(id.domain()).add(entry);
        } else {
            holds.remove(entry.outputTime);
            entry.outputTime = outputTime;
            entry.time = time;
            entry.sequence = sequence++;
            heap(id.domain()).moved(entry);
        }
        touch(entry);
    }

    /** Removes the timer; one that is not pending is no error. */
    public void clear(TimerEntry.Id id) {
        TimerEntry entry = byId.remove(id);
        if (entry != null) {
            heap(id.domain()).remove(entry);
            holds.remove(entry.outputTime);
            touch(entry);
        }
    }

    /** The next timer of the domain, still pending, or null. */
    public @Nullable TimerEntry first(TimeDomain domain) {
        return heap(domain).first();
    }

    /** Takes the timer out to fire it. Its hold stays until {@link #fired}, for what the callback emits. */
    public void takeOut(TimerEntry entry) {
        heap(entry.id().domain()).remove(entry);
        byId.remove(entry.id(), entry);
        touch(entry);
    }

    /** Ends a firing that {@link #takeOut} began. */
    public void fired(TimerEntry entry) {
        holds.remove(entry.outputTime);
    }

    /** Removes the wall-clock timers of a window that has died: they would find nothing, and hold the watermark for it. */
    public void clearWallClock(Object window) {
        if (heap(TimeDomain.PROCESSING_TIME).size()
                        + heap(TimeDomain.SYNCHRONIZED_PROCESSING_TIME).size()
                == 0) {
            return;
        }
        List<TimerEntry.Id> dead = new ArrayList<>();
        for (TimerEntry.Id id : byId.keySet()) {
            if (id.domain() != TimeDomain.EVENT_TIME && id.window().equals(window)) {
                dead.add(id);
            }
        }
        dead.forEach(this::clear);
    }

    /** How many timers are pending. */
    public int size() {
        return byId.size();
    }

    private TimerHeap heap(TimeDomain domain) {
        TimerHeap heap = heaps.get(domain);
        if (heap == null) {
            throw new IllegalStateException("no heap for " + domain);
        }
        return heap;
    }
}
