package dev.tidemark.runtime;

import dev.tidemark.TimeoutDomain;
import java.time.Duration;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.jspecify.annotations.Nullable;

/**
 * The bookkeeping of a group whose events are handled one by one as they come, and that has neither a timeout nor alarms nor a
 * handler for its end: at most a time to live, after which it is forgotten unseen.
 *
 * <p>What it stores is what a {@link TimedGroup} stores of which nothing else is known, so that a group may get a timeout
 * later. One that had a timeout before has none any more.
 */
public final class UntimedGroup extends LiveGroup {
    /** For a group that no handler closes, or whose state is a record. */
    public UntimedGroup(GroupSettings settings) {
        this(settings, () -> {});
    }

    /** {@code reset} gives the fields of the state their defaults and clears its handles: the visible part of a close. */
    public UntimedGroup(GroupSettings settings, Runnable reset) {
        super(settings, reset);
    }

    /** Takes up the group of an element or a timer; null if nothing is stored of it. */
    public void load(@Nullable Kept<?> kept, BoundedWindow window) {
        windowEnd = GroupSettings.windowEnd(window);
        if (kept == null) {
            exists = false;
            armed = NONE;
            touched = NONE;
            return;
        }
        requireReadable(kept);
        exists = kept.rest().exists();
        armed = kept.armed();
        touched = kept.touched();
    }

    @Override
    boolean isOver() {
        return !exists;
    }

    @Override
    long deadline() {
        return NONE;
    }

    @Override
    Kept.Rest rest(Kept.Rest before) {
        return Kept.Rest.USUAL;
    }

    // ------------------------------------------------------------------ the timer

    /** Whether the watermark has passed the time to live. */
    public boolean isDue() {
        long due = ttlDue();
        return due != NONE && (watermark >= expiry() || due < watermark - settings.lateness());
    }

    /** Sets the timer to the end of the time to live, if none is set early enough. */
    public void arm(Timer wake) {
        long due = ttlDue();
        if (armed != NONE && armed <= due) {
            return; // of nearly all events
        }
        if (due == NONE) {
            if (armed != NONE && !exists) {
                wake.clear();
                armed = NONE;
            }
            return;
        }
        long physical = Math.min(Times.plus(due, settings.lateness() + 1), expiry());
        if (armed != NONE && armed <= physical) {
            return;
        }
        armed = physical;
        org.joda.time.Instant at = org.joda.time.Instant.ofEpochMilli(physical);
        wake.withOutputTimestamp(at).set(at);
    }

    @Override
    public void forgetStale() {
        exists = false;
        touched = NONE;
    }

    // ------------------------------------------------------------------ handler calls

    /** Begins the call for an event. */
    public void beginEvent(long time) {
        begin(time);
    }

    /** Ends the call for an event that returned; {@code wrote} tells whether state was written after a close. */
    public void commitEvent(boolean wrote) {
        end();
        if (absent || (closed && !wrote)) {
            forgetStale();
            return;
        }
        if (settings.ttl() > 0) {
            touched = Math.max(touched, eventTime);
        }
        exists = true;
    }

    @Override
    void askTimeout(java.time.@Nullable Instant time, @Nullable Duration delay) {
        throw isNotIn(time == null ? TimeoutDomain.PROCESSING_TIME : TimeoutDomain.EVENT_TIME);
    }

    /** None of its events is late: there is nothing that it could be late for. */
    @Override
    public boolean isLate() {
        return false;
    }

    @Override
    void takeBack() {
        // There is nothing to ask for.
    }
}
