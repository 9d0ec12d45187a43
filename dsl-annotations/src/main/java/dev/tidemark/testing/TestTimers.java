package dev.tidemark.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** The timers of one key that are set. Not thread-safe. */
final class TestTimers {
    /** A timer that is set. */
    record Set(String id, TimeDomain domain, Instant time, Instant outputTime) {}

    /** What the timers go by. */
    interface Now {
        Instant of(TimeDomain domain);
    }

    private final Map<String, Set> timers = new HashMap<>();
    private final Instant expiry;

    /** Timers of a window whose state is gone after {@code expiry}. */
    TestTimers(Instant expiry) {
        this.expiry = expiry;
    }

    TestTimers copy() {
        TestTimers copy = new TestTimers(expiry);
        copy.timers.putAll(timers);
        return copy;
    }

    /** The earliest of a domain that is due. */
    Optional<Set> due(TimeDomain domain, Instant now) {
        return timers.values().stream()
                .filter(each -> each.domain() == domain && !each.time().isAfter(now))
                .min((left, right) -> left.time().compareTo(right.time()));
    }

    void spend(Set timer) {
        timers.remove(timer.id());
    }

    Timer timer(String id, TimeDomain domain, Instant element, Now now) {
        return new OneTimer(id, domain, element, now);
    }

    private final class OneTimer implements Timer {
        private final String id;
        private final TimeDomain domain;
        private final Instant element;
        private final Now now;
        private Duration offset = Duration.ZERO;
        private @Nullable Instant outputTime;

        OneTimer(String id, TimeDomain domain, Instant element, Now now) {
            this.id = id;
            this.domain = domain;
            this.element = element;
            this.now = now;
        }

        @Override
        public void set(Instant time) {
            if (domain == TimeDomain.EVENT_TIME && time.isAfter(expiry)) {
                throw new IllegalArgumentException(
                        "a timer at " + time + " would fire after the state of its window is gone, at " + expiry);
            }
            Instant output = outputTime;
            timers.put(
                    id,
                    new Set(
                            id,
                            domain,
                            time,
                            output != null ? output : domain == TimeDomain.EVENT_TIME ? time : element));
        }

        @Override
        public void setRelative() {
            set(getCurrentRelativeTime().plus(offset));
        }

        @Override
        public void clear() {
            timers.remove(id);
        }

        @Override
        public Timer offset(Duration delay) {
            offset = delay;
            return this;
        }

        @Override
        public Timer align(Duration period) {
            throw new UnsupportedOperationException("no group aligns its timers");
        }

        @Override
        public Timer withOutputTimestamp(Instant time) {
            outputTime = time;
            return this;
        }

        @Override
        public Timer withNoOutputTimestamp() {
            return this;
        }

        @Override
        public Instant getCurrentRelativeTime() {
            return now.of(domain);
        }
    }
}
