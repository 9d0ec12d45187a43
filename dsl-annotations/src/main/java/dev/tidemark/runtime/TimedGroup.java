package dev.tidemark.runtime;

import dev.tidemark.Alarm;
import dev.tidemark.AtEnd;
import dev.tidemark.Cause;
import dev.tidemark.ClockTimeout;
import dev.tidemark.EventTimeout;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.jspecify.annotations.Nullable;

/**
 * The bookkeeping of a group that can be due, for its timeout, for an alarm or at the end of its window, or whose events wait, for
 * the watermark or for one another.
 *
 * <p>Invariants, at the end of each {@link #store}:
 *
 * <ul>
 *   <li>{@code armed} is at or before {@code min(due, minBuffered) + lateness + 1}, or at the end of the window. The
 *       millisecond keeps a timer from tying with the elements of its own time, where runners disagree.
 *   <li>{@code held} is at or before {@code min(due, minBuffered)}: whatever the group emits later is not late.
 *   <li>A firing before {@code armed} is stale, and ignored: not every runner forgets a timer that was cleared or set anew.
 * </ul>
 *
 * <p>{@code due} is when the next handler but that of an event is to be called: for the timeout, for an alarm, or for the end
 * of the window. The timeout is at its deadline, or at the end of the longest life if that comes first. Only the deadline is
 * stored, so that an age that has cut it short does not count as one when the next event re-arms it. Whatever is due, there
 * is one timer in Beam: several of them would fire in an order that runners disagree about.
 */
public final class TimedGroup extends LiveGroup implements EventTimeout, ClockTimeout {
    /** What {@link #next} says of the timeout. */
    public static final int TIMEOUT = -1;

    /** What {@link #next} says of the end of the window. */
    public static final int EXPIRY = -2;

    /** What {@link #next} says of the end of the time to live. */
    public static final int TTL = -3;

    private final Alarms alarms;
    private final boolean hasAlarms;
    /** When the fields with a ttl were last changed, by field number. */
    private final Map<Integer, Long> changed = new TreeMap<>();

    private final Counter lateDropped;
    private final Counter lateEmitted;
    private final Counter timeoutsFired;
    private final Counter alarmsFired;
    private final Counter expired;

    // --- what is stored, beside what every group has
    private boolean ending;
    private long deadline;
    private long held;
    private long frontier;
    private long created;
    private long minBuffered;

    // --- the firing at hand
    private boolean last;
    /** Whether the events of the window are done: what is set from here on could only fire after the state is gone. */
    private boolean over;

    // --- the handler call at hand
    private boolean isLate;
    private long now;
    /** What the timeout that re-arms itself counts from, and the longest life: of several events not the same. */
    private long counted;

    private long born;
    private long earliest;
    private long asked;
    private boolean timeoutAsked;
    private Cause cause = Cause.TIMEOUT;

    /** For a group whose state is a record, which is replaced and not changed. */
    public TimedGroup(GroupSettings settings) {
        this(settings, () -> {});
    }

    /** {@code reset} gives the fields of the state their defaults and clears its handles: the visible part of a close. */
    public TimedGroup(GroupSettings settings, Runnable reset) {
        super(settings, reset);
        this.alarms = new Alarms(settings.alarms());
        this.hasAlarms = !settings.alarms().isEmpty();
        this.lateDropped = Metrics.counter(settings.name(), "late.dropped");
        this.lateEmitted = Metrics.counter(settings.name(), "late.emitted");
        this.timeoutsFired = Metrics.counter(settings.name(), "timeouts.fired");
        this.alarmsFired = Metrics.counter(settings.name(), "alarms.fired");
        this.expired = Metrics.counter(settings.name(), "groups.expired");
    }

    // ------------------------------------------------------------------ loading and storing

    /** Takes up the group of an element or a timer; null if nothing is stored of it. */
    public void load(@Nullable Kept<?> kept, BoundedWindow window) {
        windowEnd = GroupSettings.windowEnd(window);
        watermark = NONE;
        last = false;
        over = false;
        loadNamed(kept == null ? Map.of() : kept.rest().named());
        if (kept == null) {
            exists = false;
            ending = false;
            deadline = NONE;
            armed = NONE;
            held = NONE;
            frontier = NONE;
            created = NONE;
            minBuffered = NONE;
            touched = NONE;
            return;
        }
        requireReadable(kept);
        // A version that had a timeout may have left one.
        deadline = settings.domain() == TimeoutDomain.NONE ? NONE : kept.deadline();
        armed = kept.armed();
        touched = kept.touched();
        Kept.Rest rest = kept.rest();
        exists = rest.exists();
        ending = rest.ending();
        held = rest.held() == NONE ? armed : rest.held();
        frontier = rest.frontier();
        created = rest.created();
        minBuffered = rest.minBuffered();
    }

    private static final String FIELD = "field/";

    private void loadNamed(Map<String, Long> named) {
        if (hasAlarms) {
            alarms.load(named);
        }
        if (!changed.isEmpty()) {
            changed.clear();
        }
        if (!named.isEmpty()) {
            named.forEach((name, time) -> {
                if (name.startsWith(FIELD)) {
                    changed.put(Integer.valueOf(name.substring(FIELD.length())), time);
                }
            });
        }
    }

    private Map<String, Long> named() {
        if (!hasAlarms && changed.isEmpty()) {
            return Map.of();
        }
        Map<String, Long> named = new TreeMap<>();
        alarms.store(named);
        changed.forEach((field, time) -> named.put(FIELD + field, time));
        return named;
    }

    @Override
    Kept.Rest rest(Kept.Rest before) {
        long heldElsewhere = held == armed ? NONE : held;
        Map<String, Long> named = named();
        return before.exists() == exists
                        && before.ending() == ending
                        && before.held() == heldElsewhere
                        && before.frontier() == frontier
                        && before.created() == created
                        && before.minBuffered() == minBuffered
                        && before.named().equals(named)
                ? before
                : Kept.Rest.of(exists, ending, heldElsewhere, frontier, created, minBuffered, named);
    }

    @Override
    boolean isOver() {
        return !exists && deadline == NONE && minBuffered == NONE && alarms.due() == NONE;
    }

    @Override
    long deadline() {
        return deadline;
    }

    // ------------------------------------------------------------------ late events and the inbox

    /**
     * Whether an event comes too late. Where the runner shows its watermark to an element, this is the exact test; where it
     * shows the time of the element instead, only the order within the group counts.
     */
    public boolean isLate(long time, Timer wake) {
        return Times.plus(time, settings.lateness())
                        < wake.getCurrentRelativeTime().getMillis()
                || (frontier != NONE && time < frontier);
    }

    /** Counts a late event that is dropped. */
    public void lateDropped() {
        lateDropped.inc();
    }

    /** Counts a late event that is emitted. */
    public void lateEmitted() {
        lateEmitted.inc();
    }

    /** Notes that an event waits in the inbox; false if an earlier one does already, which the timer is set for. */
    public boolean buffered(long time) {
        if (minBuffered != NONE && minBuffered <= time) {
            return false;
        }
        minBuffered = time;
        return true;
    }

    /** Whether an event in the inbox is due. */
    boolean hasReleasable() {
        return minBuffered != NONE && minBuffered < upTo();
    }

    /** Notes that the inbox is about to be emptied, or filled anew. */
    void inboxCleared() {
        minBuffered = NONE;
    }

    /** Events strictly before this time may be handled; at the bound itself others of the same time may still come. */
    long upTo() {
        return last ? Long.MAX_VALUE : watermark - settings.lateness();
    }

    /** Notes that an event was handled in order. */
    public void released(long time) {
        if (time > frontier) {
            frontier = time;
        }
    }

    // ------------------------------------------------------------------ the event-time timer

    @Override
    public boolean wakes(org.joda.time.Instant fired, Timer wake) {
        if (!super.wakes(fired, wake)) {
            return false;
        }
        held = NONE;
        last = watermark >= expiry();
        return true;
    }

    /** When the group times out, {@link Kept#NONE} if it does not. */
    private long timeoutDue() {
        if (settings.maxAge() == 0 || created == NONE) {
            return deadline;
        }
        return Times.earlier(deadline, inWindow(Times.plus(created, settings.maxAge())));
    }

    /** When the next handler but that of an event is to be called, {@link Kept#NONE} if none is. */
    private long due() {
        long due = timeoutDue();
        if (hasAlarms) {
            due = Times.earlier(due, alarms.due());
        }
        return settings.expires() && exists && !byClock() ? Times.earlier(due, windowEnd) : due;
    }

    /** What is due first: an alarm by its index, {@link #TIMEOUT}, {@link #EXPIRY} or {@link #TTL}. */
    public int next() {
        long due = due();
        long ttl = ttlDue();
        if (due == NONE || (ttl != NONE && ttl < due)) {
            return TTL;
        }
        if (timeoutDue() == due) {
            return TIMEOUT;
        }
        int alarm = alarms.at(due);
        return alarm >= 0 ? alarm : EXPIRY;
    }

    /** Whether the pending timeout comes before an event of this time; at the same time the event wins. */
    public boolean isDueBefore(long time) {
        long due = Times.earlier(due(), ttlDue());
        return due != NONE && time > due;
    }

    /** Whether the watermark has passed the pending timeout. */
    public boolean isDue() {
        over = last;
        long due = Times.earlier(due(), ttlDue());
        return due != NONE && (last || due < upTo());
    }

    @Override
    public void forgetStale() {
        closed = false;
        asked = NONE;
        alarms.clear();
        forget();
    }

    /**
     * Whether the pending timeout, which is due, is the end of the window and to be discarded there. If so the group is
     * forgotten, and its cells are to be cleared.
     */
    public boolean discards() {
        if (!isAtEnd() || settings.atEnd() != AtEnd.DISCARD) {
            return false;
        }
        forgetUnseen();
        return true;
    }

    private boolean isAtEnd() {
        return byClock() ? last : due() >= windowEnd;
    }

    private boolean byClock() {
        return settings.domain() == TimeoutDomain.PROCESSING_TIME;
    }

    /** The end of the window of a group whose events wait for one another: they are handled, and all that is due fires. */
    public void ends() {
        watermark = expiry();
        last = true;
    }

    /** Sets the timer if none is set early enough, and with a hold early enough. */
    public void arm(Timer wake) {
        if (last && armed == NONE) {
            // The window is over: a timeout set now could only fire after the state is gone.
            last = false;
            deadline = NONE;
            alarms.clear();
            return;
        }
        if (minBuffered != NONE && watermark != NONE && minBuffered < upTo()) {
            // Whatever could be released was: these have waited in the inbox of an earlier version, and were left
            // behind with it.
            minBuffered = NONE;
        }
        long hold = Times.earlier(due(), minBuffered);
        long first = Times.earlier(hold, ttlDue());
        if (first == NONE) {
            if (armed != NONE && isOver()) {
                wake.clear();
                armed = NONE;
                held = NONE;
            }
            return;
        }
        long physical = Math.min(Times.plus(first, settings.lateness() + 1), expiry());
        // At its time to live a group emits nothing, so the watermark need not wait for it.
        long holdAt = hold == NONE ? physical : Math.min(hold, physical);
        if (armed != NONE && armed <= physical && held <= holdAt) {
            return;
        }
        armed = physical;
        held = holdAt;
        wake.withOutputTimestamp(org.joda.time.Instant.ofEpochMilli(held))
                .set(org.joda.time.Instant.ofEpochMilli(physical));
    }

    // ------------------------------------------------------------------ the wall-clock timers

    /** Whether a firing of the wall-clock timer finds the timeout passed; if not, the timer is to be set again. */
    public boolean wakesByClock(org.joda.time.Instant heldAt, Timer wake) {
        long due = due();
        if (due == NONE || armed == NONE) {
            stale();
            armed = NONE;
            return false;
        }
        armed = NONE;
        held = heldAt.getMillis();
        eventTime = Math.max(held, latest());
        now = wake.getCurrentRelativeTime().getMillis();
        last = false;
        return due <= now;
    }

    /** Whether the clock has passed what is due. */
    public boolean isDueByClock() {
        long due = due();
        return due != NONE && due <= now;
    }

    /** Whether anything is due at all: at the end of the window all of it fires. */
    public boolean isPending() {
        return due() != NONE;
    }

    /** Whether the window ends for a group that exists, and has a handler for it. */
    public boolean isExpiring() {
        return last && exists;
    }

    /** Whether the end of the window finds a pending timeout that fires there. */
    public boolean endsByClock(Timer wake) {
        if (!ending) {
            stale();
            return false;
        }
        ending = false;
        armed = NONE;
        last = true;
        over = true;
        eventTime = windowEnd;
        now = due();
        wake.clear();
        return now != NONE;
    }

    /** Notes that the timer at the end of the window was set by events that waited, if not by the group. */
    public void endsAfterWaiting() {
        ending = true;
    }

    /** Events wait no longer: the timer at the end of the window does not hold the watermark for them. */
    void endsWithoutWaiting(Timer end) {
        if (ending) {
            setEnd(end);
        } else {
            end.clear();
        }
    }

    private void setEnd(Timer end) {
        end.withOutputTimestamp(org.joda.time.Instant.ofEpochMilli(windowEnd))
                .set(org.joda.time.Instant.ofEpochMilli(expiry()));
    }

    /** Sets the wall-clock timer, unless it is set early enough, and once the one at the end of the window. */
    public void armByClock(Timer wake, Timer end) {
        if (last) {
            last = false;
            deadline = NONE;
            alarms.clear();
            return;
        }
        long due = due();
        if (!ending && (due != NONE || (settings.expires() && exists))) {
            ending = true;
            setEnd(end);
        }
        if (due == NONE) {
            if (isOver() && ending) {
                wake.clear();
                end.clear();
                armed = NONE;
                ending = false;
            }
            return;
        }
        if (armed != NONE && armed <= due) {
            return;
        }
        armed = due;
        long delay = Math.max(0, due - wake.getCurrentRelativeTime().getMillis());
        // Held at the latest event, not at the one that set the timer first: a busy group must not stop the watermark.
        wake.offset(org.joda.time.Duration.millis(delay))
                .withOutputTimestamp(org.joda.time.Instant.ofEpochMilli(latest()))
                .setRelative();
    }

    /** The time of the latest event: what a timeout by the wall clock emits carries it. */
    private long latest() {
        return Math.min(Math.max(frontier, Times.MIN), windowEnd);
    }

    // ------------------------------------------------------------------ handler calls

    /** Begins the call for an event. */
    public void beginEvent(long time, boolean late) {
        if (cause != Cause.TIMEOUT) {
            cause = Cause.TIMEOUT;
        }
        begin(time, time, time);
        isLate = late;
    }

    /** Begins the call for an event of a group that times out by the wall clock. */
    public void beginEvent(long time, Timer wake) {
        if (cause != Cause.TIMEOUT) {
            cause = Cause.TIMEOUT;
        }
        begin(time, wake.getCurrentRelativeTime().getMillis(), time);
        released(time);
        isLate = false;
    }

    /** Begins the call for several events. */
    public void beginEvents(Batch<?> batch, boolean late) {
        beginEvent(batch.time().getMillis(), late);
        born = batch.first();
        counted = countedFrom(batch.first(), batch.last(), eventTime);
    }

    /** Begins the call for several events of a group that times out by the wall clock. */
    public void beginEvents(Batch<?> batch, Timer wake) {
        beginEvent(batch.time().getMillis(), wake);
    }

    private long countedFrom(long first, long lastOne, long latest) {
        return switch (settings.from()) {
            case FIRST_EVENT -> first;
            case LAST_EVENT -> lastOne;
            case MAX_EVENT -> latest;
        };
    }

    /**
     * Whether an event joins the call for those before it, the first at {@code first} and the latest at {@code latest}: not
     * if something would have to be done between them, could they come one by one. What a handler sets by itself, it sets
     * after all of them.
     */
    boolean joins(long time, long first, long latest, boolean ordered) {
        long due = NONE;
        if (settings.ttl() > 0) {
            due = Times.plus(Math.max(exists ? touched : NONE, latest), settings.ttl());
        }
        if (ordered && settings.domain() == TimeoutDomain.EVENT_TIME) {
            boolean fresh = !exists;
            due = Times.earlier(
                    due,
                    settings.after() > 0
                            ? rearmed(fresh, Times.plus(countedFrom(first, latest, latest), settings.after()))
                            : deadline);
            if (settings.maxAge() > 0) {
                due = Times.earlier(due, Times.plus(fresh || created == NONE ? first : created, settings.maxAge()));
            }
            due = Times.earlier(due, alarms.due());
        }
        return due == NONE || time <= due;
    }

    /** Begins the call for an initial state. */
    public void beginInitial(long time) {
        cause = Cause.TIMEOUT;
        begin(time, time, time);
        isLate = false;
    }

    /** Refuses an initial state for a group that there is already. */
    public void requireNoState() {
        if (exists) {
            throw new IllegalStateException(
                    "the group has a state already: there are two initial states for its key, or an event was before it");
        }
        isNew = false;
    }

    /** Ends the call for an initial state that returned. */
    public void commitInitial(boolean wrote) {
        end();
        takeAlarms();
        if (closed && !wrote) {
            forget();
            return;
        }
        boolean timed = eventTime > Times.MIN;
        exists = true;
        if (timed) {
            created = birth();
            touched = settings.ttl() > 0 ? Math.max(touched, eventTime) : touched;
        }
        deadline = inWindow(settings.after() > 0 ? (timed ? rearmed(true) : NONE) : asked);
    }

    @Override
    void askTimeout(java.time.@Nullable Instant time, @Nullable Duration delay) {
        if (settings.after() > 0) {
            throw new IllegalStateException("a timeout is set, but that of the group re-arms itself");
        }
        TimeoutDomain needed = time == null ? TimeoutDomain.PROCESSING_TIME : TimeoutDomain.EVENT_TIME;
        if (settings.domain() != needed) {
            throw isNotIn(needed);
        }
        if (time != null) {
            at(time);
        } else if (delay != null) {
            after(delay);
        }
    }

    /** Begins the call for the pending timeout. */
    public void beginTimeout() {
        long due = timeoutDue();
        boolean aged = settings.maxAge() > 0 && created != NONE && due == Times.plus(created, settings.maxAge());
        cause = isAtEnd() ? Cause.END_OF_INPUT : aged ? Cause.MAX_AGE : Cause.TIMEOUT;
        // The next timeout is at least a millisecond away: one that set itself to its own time would never end.
        begin(byClock() ? eventTime : due, byClock() ? now : due, Times.plus(due, 1));
        isLate = false;
        timeoutsFired.inc();
    }

    /** Begins the call for an alarm that is due, by its index. */
    public void beginAlarm(int alarm) {
        long due = due();
        cause = isAtEnd() ? Cause.END_OF_INPUT : Cause.TIMEOUT;
        begin(byClock() ? eventTime : due, byClock() ? now : due, Times.plus(due, 1));
        alarms.spend(alarm);
        isLate = false;
        alarmsFired.inc();
    }

    /** Begins the call for the end of the window. */
    public void beginExpiry() {
        cause = Cause.END_OF_INPUT;
        begin(windowEnd, byClock() ? now : windowEnd, windowEnd);
        isLate = false;
        expired.inc();
    }

    private void begin(long time, long clock, long soonest) {
        begin(time);
        earliest = soonest;
        now = clock;
        counted = clock;
        born = clock;
        asked = NONE;
        timeoutAsked = false;
        if (hasAlarms) {
            alarms.begin();
        }
    }

    /** Ends the call for an event that returned; {@code wrote} tells whether state was written after a close. */
    public void commitEvent(boolean wrote) {
        end();
        takeAlarms();
        if (absent || (closed && !wrote)) {
            forget();
            return;
        }
        if (closed) {
            changed.clear();
        }
        if (settings.ttl() > 0) {
            touched = Math.max(touched, eventTime);
        }
        if (isNew || closed || created == NONE) {
            created = birth();
            exists = true;
        }
        boolean fresh = isNew || closed;
        deadline = inWindow(settings.after() > 0 ? rearmed(fresh) : asked);
    }

    /** Ends the call for a timeout that returned; {@code wrote} tells whether state was written. */
    public void commitTimeout(boolean wrote) {
        end();
        takeAlarms();
        if (cause == Cause.END_OF_INPUT) {
            // There is nothing after the end: a timeout set now would fire at it again, and again.
            asked = NONE;
            created = NONE;
        }
        if (closed ? !wrote : isNew && !wrote) {
            forget();
            return;
        }
        if (cause != Cause.END_OF_INPUT && (isNew || closed || cause == Cause.MAX_AGE)) {
            // A group that outlives its longest life begins another one; otherwise it would time out for ever.
            created = birth();
        }
        exists = true;
        deadline = inWindow(asked);
    }

    /** Ends the call for an alarm that returned: the timeout stays, unless the handler has set it. */
    public void commitAlarm(boolean wrote) {
        end();
        takeAlarms();
        if (!timeoutAsked && !closed) {
            asked = deadline;
        }
        if (cause == Cause.END_OF_INPUT && timeoutAsked) {
            asked = NONE;
        }
        if (closed ? !wrote : isNew && !wrote) {
            forget();
            return;
        }
        if (isNew || closed) {
            created = birth();
        }
        exists = true;
        deadline = inWindow(asked);
    }

    /** Ends the call for the end of the window, whether it returned or not: the group is gone. */
    public void commitExpiry() {
        end();
        asked = NONE;
        alarms.clear();
        forget();
    }

    private void takeAlarms() {
        if (!hasAlarms) {
            return;
        }
        if (over || cause == Cause.END_OF_INPUT) {
            alarms.takeCancelled();
        } else {
            alarms.take();
        }
    }

    /** Ends the call for a timeout that threw: nothing it asked for is done, and the timeout does not come again. */
    public void rollBackTimeout() {
        rollBack();
        deadline = NONE;
        created = cause == Cause.TIMEOUT ? created : NONE;
    }

    /** Closes the group at its timeout, if there is no handler for it. */
    public void closeAtTimeout() {
        timeoutsFired.inc();
        forgetUnseen();
    }

    /** The end of a group that no handler sees; its deletion has the time of the timeout. */
    private void forgetUnseen() {
        alarms.clear();
        if (!byClock()) {
            eventTime = due();
        }
        closed = true;
        asked = NONE;
        forget();
    }

    private void forget() {
        exists = false;
        created = NONE;
        touched = NONE;
        changed.clear();
        deadline = inWindow(asked);
    }

    /** Whether a field has not been changed for longer than its ttl, in milliseconds. */
    public boolean isStale(int field, long ttl) {
        Long time = changed.get(field);
        return time != null && eventTime > Times.plus(time, ttl);
    }

    /** Notes that the handler that has returned has changed a field with a ttl. */
    public void changed(int field) {
        if (exists) {
            changed.merge(field, eventTime, Math::max);
        }
    }

    /** When the group was opened, if there is a longest life that counts from there. */
    private long birth() {
        return settings.maxAge() > 0 ? born : NONE;
    }

    private long rearmed(boolean fresh) {
        return rearmed(fresh, Times.plus(counted, settings.after()));
    }

    private long rearmed(boolean fresh, long next) {
        if (fresh || deadline == NONE || settings.from() == TimeoutFrom.LAST_EVENT) {
            return next;
        }
        return settings.from() == TimeoutFrom.FIRST_EVENT ? deadline : Math.max(deadline, next);
    }

    /** Event time ends with the window. */
    private long inWindow(long time) {
        return byClock() ? time : Math.min(time, windowEnd);
    }

    /** Why the timeout fires. */
    public Cause cause() {
        return cause;
    }

    // ------------------------------------------------------------------ what handlers see

    @Override
    public boolean isLate() {
        return isLate;
    }

    @Override
    void takeBack() {
        asked = NONE;
        alarms.askNone();
    }

    /** The handle of an alarm, by its index. */
    public Alarm alarm(int alarm) {
        return new OneAlarm(alarm);
    }

    private final class OneAlarm implements Alarm {
        private final int alarm;

        OneAlarm(int alarm) {
            this.alarm = alarm;
        }

        @Override
        public void at(java.time.Instant time) {
            requireRunning();
            // By the wall clock a firing is at least a millisecond away: one that set itself to its own time would
            // never end.
            ask(Math.max(millis(time), byClock() ? Times.plus(now, 1) : earliest));
        }

        @Override
        public void after(Duration delay) {
            requireRunning();
            ask(Times.plus(now, delayMillis(delay)));
        }

        private void ask(long time) {
            alarms.ask(alarm, inWindow(byClock() ? time : Times.clamp(time)));
        }

        @Override
        public void cancel() {
            requireRunning();
            alarms.ask(alarm, NONE);
        }

        @Override
        public Optional<java.time.Instant> time() {
            requireRunning();
            long time = alarms.asked(alarm);
            return time == NONE ? Optional.empty() : Optional.of(java.time.Instant.ofEpochMilli(time));
        }
    }

    @Override
    public void at(java.time.Instant time) {
        requireRunning();
        timeoutAsked = true;
        asked = Times.clamp(Math.max(millis(time), earliest));
    }

    @Override
    public void after(java.time.Instant start, Duration delay) {
        requireRunning();
        timeoutAsked = true;
        asked = Times.clamp(Math.max(Times.plus(millis(start), delayMillis(delay)), earliest));
    }

    @Override
    public void after(Duration delay) {
        requireRunning();
        timeoutAsked = true;
        asked = Times.plus(now, delayMillis(delay));
    }

    @Override
    public void none() {
        requireRunning();
        timeoutAsked = true;
        asked = NONE;
    }

    private static long millis(java.time.Instant time) {
        return Times.millis(Objects.requireNonNull(time, "the time of a timeout must not be null"));
    }

    private static long delayMillis(Duration delay) {
        if (delay.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("a timeout must be at least a millisecond away, but is " + delay);
        }
        return delay.toSeconds() > Long.MAX_VALUE / 1000 - 1 ? Long.MAX_VALUE : delay.toMillis();
    }
}
