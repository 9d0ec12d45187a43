package dev.tidemark.runtime;

import dev.tidemark.Failed;
import dev.tidemark.Group;
import dev.tidemark.GroupFailedException;
import dev.tidemark.Step;
import dev.tidemark.TimeoutDomain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * The bookkeeping of the group at hand: whether it exists, when its timer must wake it, and what the handlers have asked for.
 * Owned by one DoFn, hence by one thread, and bound to one group after another.
 *
 * <p>There are two kinds, because most of the bookkeeping is about what only some groups have: an {@link UntimedGroup} handles
 * each event as it comes, and nothing else; all others are {@link TimedGroup}s.
 */
public abstract sealed class LiveGroup implements Group permits TimedGroup, UntimedGroup {
    static final long NONE = Kept.NONE;

    final GroupSettings settings;
    private final Runnable reset;

    private final Counter migrated;
    private final Counter timeoutsStale;
    private final Counter errors;

    // --- the window of the group
    long windowEnd;

    // --- what is stored
    boolean exists;
    long armed;
    long touched;

    /** How far event time has come, of the firing at hand. */
    long watermark;

    // --- the handler call at hand
    private boolean running;
    boolean isNew;
    boolean closed;
    boolean absent;
    long eventTime;

    LiveGroup(GroupSettings settings, Runnable reset) {
        this.settings = settings;
        this.reset = reset;
        this.migrated = Metrics.counter(settings.name(), "state.migrated");
        this.timeoutsStale = Metrics.counter(settings.name(), "timeouts.stale");
        this.errors = Metrics.counter(settings.name(), "handler.errors");
    }

    // ------------------------------------------------------------------ loading and storing

    void requireReadable(Kept<?> kept) {
        if (kept.version() > settings.version()) {
            throw new IllegalStateException(settings.name() + ": the state was written by version " + kept.version()
                    + ", this is version " + settings.version() + "; run the newer program");
        }
    }

    /** Stores the bookkeeping of a group whose fields no handler has seen, or that has none. */
    public final <S> void store(ValueState<Kept<S>> cell, @Nullable Kept<S> before) {
        storeContent(cell, before, before == null ? null : before.content());
    }

    /**
     * Stores what changed since {@code before} was read; of a group that is over, nothing stays. Fields that changed are
     * another object, and null if they have their defaults.
     */
    public final <S> void store(ValueState<Kept<S>> cell, @Nullable Kept<S> before, @Nullable S fields) {
        storeContent(cell, before, before != null && before.fields() == fields ? before.content() : fields);
    }

    @SuppressWarnings("ReferenceEquality") // fields that changed are another object, and so is the rest
    private <S> void storeContent(ValueState<Kept<S>> cell, @Nullable Kept<S> before, @Nullable Object content) {
        if (isOver()) {
            if (before != null) {
                cell.clear();
            }
            return;
        }
        Kept.Rest rest = rest(before == null ? Kept.Rest.USUAL : before.rest());
        if (before == null
                || before.content() != content
                || before.version() != settings.version()
                || before.touched() != touched
                || before.armed() != armed
                || before.deadline() != deadline()
                || before.rest() != rest) {
            if (before != null && before.version() < settings.version()) {
                migrated.inc();
            }
            cell.write(Kept.of(content, settings.version(), touched, armed, deadline(), rest));
        }
    }

    /** Whether nothing is to be kept of the group. */
    abstract boolean isOver();

    /** When the group times out, {@link Kept#NONE} if it does not. */
    abstract long deadline();

    /** What seldom differs: the object that there is, unless something does. */
    abstract Kept.Rest rest(Kept.Rest before);

    // ------------------------------------------------------------------ the time to live

    /** When the group is to be forgotten unseen. With the window its state is gone anyway. */
    final long ttlDue() {
        if (settings.ttl() == 0 || !exists || touched == NONE) {
            return NONE;
        }
        long end = Times.plus(touched, settings.ttl());
        return end > windowEnd ? NONE : end;
    }

    /** Whether the time to live has passed before an event that is handled as it comes; if so the group is forgotten. */
    public final boolean isStaleBefore(long time) {
        long ttl = ttlDue();
        if (ttl == NONE || time <= ttl) {
            return false;
        }
        forgetStale();
        return true;
    }

    /** The end of the time to live: nothing is called and nothing emitted. */
    public abstract void forgetStale();

    /** When the state of the window is gone. */
    final long expiry() {
        return settings.expiry(windowEnd);
    }

    // ------------------------------------------------------------------ the timer

    /** Whether a firing is to be heeded; if so the timer counts as spent. */
    public boolean wakes(org.joda.time.Instant fired, Timer wake) {
        long time = fired.getMillis();
        if (armed == NONE || time < armed) {
            stale();
            return false;
        }
        armed = NONE;
        watermark = Math.max(time, wake.getCurrentRelativeTime().getMillis());
        return true;
    }

    /** Counts a firing that is not heeded. */
    final void stale() {
        timeoutsStale.inc();
    }

    // ------------------------------------------------------------------ handler calls

    final void begin(long time) {
        running = true;
        closed = false;
        absent = false;
        isNew = !exists;
        eventTime = time;
    }

    final void end() {
        running = false;
    }

    /** Ends a call that threw: nothing it asked for is done. */
    public final void rollBack() {
        end();
        errors.inc();
    }

    /** Takes what a handler makes of a state that is a record. */
    public final void take(Step<?, ?> step) {
        if (step.change() == Step.Change.REMOVE) {
            closed = true;
        }
        absent = step.change() == Step.Change.KEEP && isNew;
        java.time.Instant time = step.timeout();
        Duration delay = step.delay();
        if (time == null && delay == null) {
            return;
        }
        if (closed || absent) {
            throw new IllegalStateException("a timeout is set, but there is no state that it could find");
        }
        askTimeout(time, delay);
    }

    /** Sets the timeout to a time, or for when so long has passed: one of them is given. */
    abstract void askTimeout(java.time.@Nullable Instant time, @Nullable Duration delay);

    final IllegalStateException isNotIn(TimeoutDomain needed) {
        return new IllegalStateException(
                "a timeout in " + needed + " is set, but that of the group is in " + settings.domain());
    }

    /** Whether the handler has closed the group. */
    public final boolean isClosed() {
        return closed;
    }

    /** Whether the group is gone after the call. */
    public final boolean isForgotten() {
        return closed && !exists;
    }

    /** The timestamp of what the call at hand emits. */
    public final org.joda.time.Instant timestamp() {
        return org.joda.time.Instant.ofEpochMilli(Times.clamp(eventTime));
    }

    // ------------------------------------------------------------------ failures

    /** What a handler threw, with the name of the group, the handler and the key. */
    public final GroupFailedException failure(String handler, Object key, Exception cause) {
        return new GroupFailedException(sentence(handler, key, cause), cause);
    }

    /** What a handler threw, as an element. */
    public final <I> Failed<I> failed(String handler, Object key, @Nullable I input, Exception cause) {
        return failed(handler, key, input, timestamp(), cause);
    }

    /** What a handler threw, as one of the elements of its call. */
    public final <I> Failed<I> failed(
            String handler, Object key, @Nullable I input, org.joda.time.Instant time, Exception cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        return new Failed<>(
                Failed.Reason.HANDLER,
                String.valueOf(key),
                input,
                java.time.Instant.ofEpochMilli(time.getMillis()),
                sentence(handler, key, cause),
                trace.toString());
    }

    private String sentence(String handler, Object key, Exception cause) {
        return settings.name() + ": " + handler + " failed for key \"" + key + "\": " + cause;
    }

    /** Refuses a null that a handler returned. */
    public static <T> T notNull(@Nullable T value, String handler) {
        if (value == null) {
            throw new NullPointerException(handler + " returned null");
        }
        return value;
    }

    // ------------------------------------------------------------------ what handlers see

    @Override
    public final boolean isNew() {
        return isNew;
    }

    @Override
    public final java.time.Instant eventTime() {
        return java.time.Instant.ofEpochMilli(eventTime);
    }

    @Override
    public final void close() {
        requireRunning();
        closed = true;
        takeBack();
        reset.run();
    }

    /** Takes back what the handler has asked for: it has closed the group. */
    abstract void takeBack();

    final void requireRunning() {
        if (!running) {
            throw new IllegalStateException("a group can be used only until its handler returns");
        }
    }
}
