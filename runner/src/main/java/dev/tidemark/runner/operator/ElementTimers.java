package dev.tidemark.runner.operator;

import dev.tidemark.runner.state.TimerEntry;
import dev.tidemark.runner.state.TimerQueue;
import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerMap;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The timers that a {@code @ProcessElement} method may set: those of the element's key and window. Each is an object that is made once and
 * used for each element, so that one that is not set costs next to nothing. Owned by one operator.
 *
 * <p>The rules, and the words in which they are told, are those of Beam's {@code SimpleDoFnRunner}, by which other runners go, too.
 */
final class ElementTimers {
    /** Behind the end of time: a timer with such an output time holds no watermark. */
    private static final long NO_HOLD =
            BoundedWindow.TIMESTAMP_MAX_VALUE.plus(Duration.millis(1)).getMillis();

    private static final String NO_FAMILY = "";

    private final TimerQueue queue;
    private final KeyedState state;
    private final KeyedTimers clocks;
    private final ToLongFunction<BoundedWindow> expiry;
    private final Map<String, TimeDomain> families = new HashMap<>();
    private final Map<String, OneTimer> timers = new HashMap<>();

    /**
     * @param clocks tells the time, in each domain
     * @param expiry the last instant of a window, in milliseconds
     */
    ElementTimers(
            DoFn<?, ?> fn,
            DoFnSignature signature,
            TimerQueue queue,
            KeyedState state,
            KeyedTimers clocks,
            ToLongFunction<BoundedWindow> expiry) {
        this.queue = queue;
        this.state = state;
        this.clocks = clocks;
        this.expiry = expiry;
        signature
                .timerDeclarations()
                .forEach((id, declared) ->
                        timers.put(id, new OneTimer(NO_FAMILY, id, domain((TimerSpec) value(declared.field(), fn)))));
        signature
                .timerFamilyDeclarations()
                .forEach((id, declared) -> families.put(id, domain((TimerSpec) value(declared.field(), fn))));
    }

    private static Object value(Field field, DoFn<?, ?> fn) {
        try {
            return field.get(fn);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the timer " + field + " cannot be read", e);
        }
    }

    private static TimeDomain domain(TimerSpec spec) {
        return spec.getTimeDomain();
    }

    /** The timer of an id, as if nobody had said anything to it yet. */
    Timer timer(String id, ElementCall call) {
        OneTimer timer = timers.get(id);
        if (timer == null) {
            throw new IllegalStateException("timer not found: " + id);
        }
        return timer.of(call);
    }

    /** The timers of a family. */
    TimerMap family(String id, ElementCall call) {
        TimeDomain domain = families.get(id);
        if (domain == null) {
            throw new IllegalStateException("timer family not found: " + id);
        }
        return new Family(id, domain, call);
    }

    private final class Family implements TimerMap {
        private final String id;
        private final TimeDomain domain;
        private final ElementCall call;
        private final Map<String, Timer> asked = new HashMap<>();

        Family(String id, TimeDomain domain, ElementCall call) {
            this.id = id;
            this.domain = domain;
            this.call = call;
        }

        @Override
        public void set(String timer, Instant time) {
            Timer anew = made(timer);
            asked.put(timer, anew);
            anew.set(time);
        }

        @Override
        public Timer get(String timer) {
            return asked.computeIfAbsent(timer, this::made);
        }

        private Timer made(String timer) {
            return new OneTimer(id, timer, domain).of(call);
        }
    }

    private final class OneTimer implements Timer {
        private final String family;
        private final String name;
        private final TimeDomain domain;
        private @Nullable ElementCall call;
        private long offset;
        private long period;
        private boolean hasOutputTime;
        private boolean holdsNothing;
        private long outputTime;

        OneTimer(String family, String name, TimeDomain domain) {
            this.family = family;
            this.name = name;
            this.domain = domain;
        }

        OneTimer of(ElementCall at) {
            if (call != at) {
                call = at;
            }
            offset = 0;
            period = 0;
            hasOutputTime = false;
            holdsNothing = false;
            return this;
        }

        private ElementCall call() {
            ElementCall of = call;
            if (of == null) {
                throw new IllegalStateException("the timer " + name + " is nobody's");
            }
            return of;
        }

        private boolean isOfEventTime() {
            return domain == TimeDomain.EVENT_TIME;
        }

        @Override
        public void set(Instant time) {
            BoundedWindow window = call().window();
            setAt(time.getMillis(), window, expiry.applyAsLong(window));
        }

        @Override
        public void setRelative() {
            BoundedWindow window = call().window();
            long end = expiry.applyAsLong(window);
            long time = relative(getCurrentRelativeTime().getMillis());
            // What is relative cannot know the end of its window; what is absolute must.
            setAt(isOfEventTime() ? Math.min(time, end) : time, window, end);
        }

        /** Where there is a period, its next beginning from {@code now} on; the offset moves where it begins. */
        private long relative(long now) {
            if (period == 0) {
                return Math.addExact(now, offset);
            }
            long into = Math.addExact(now, offset) % period;
            return into == 0 ? now : now + period - into;
        }

        private void setAt(long time, BoundedWindow window, long end) {
            long heldAt = heldAt(time);
            if (heldAt != NO_HOLD) {
                requireWithin(heldAt, "an output", end);
                if (isOfEventTime()) {
                    requireWithin(time, "a firing", end);
                }
            }
            queue.set(id(window), state.getKey(), time, heldAt);
        }

        private long heldAt(long time) {
            if (holdsNothing) {
                return NO_HOLD;
            }
            if (hasOutputTime) {
                call().checkOutputTime(outputTime);
                return outputTime;
            }
            return isOfEventTime() ? time : call().timestamp().getMillis();
        }

        private void requireWithin(long millis, String kind, long end) {
            if (millis > end) {
                throw new IllegalArgumentException("Attempted to set "
                        + (isOfEventTime() ? "an event-time" : "a processing-time")
                        + " timer with " + kind + " timestamp of " + Instant.ofEpochMilli(millis)
                        + " that is after the expiration of window "
                        + Instant.ofEpochMilli(end));
            }
        }

        private TimerEntry.Id id(BoundedWindow window) {
            return new TimerEntry.Id(state.structuralKey(), window, domain, family, name);
        }

        @Override
        public void clear() {
            queue.clear(id(call().window()));
        }

        @Override
        public Timer offset(Duration by) {
            offset = by.getMillis();
            return this;
        }

        @Override
        public Timer align(Duration to) {
            period = to.getMillis();
            return this;
        }

        @Override
        public Timer withOutputTimestamp(Instant time) {
            outputTime = time.getMillis();
            hasOutputTime = true;
            holdsNothing = false;
            return this;
        }

        @Override
        public Timer withNoOutputTimestamp() {
            hasOutputTime = false;
            holdsNothing = true;
            return this;
        }

        @Override
        public Instant getCurrentRelativeTime() {
            return switch (domain) {
                case EVENT_TIME -> clocks.currentInputWatermarkTime();
                case PROCESSING_TIME -> clocks.currentProcessingTime();
                case SYNCHRONIZED_PROCESSING_TIME -> clocks.currentSynchronizedProcessingTime();
            };
        }
    }
}
