package dev.tidemark.runtime;

import dev.tidemark.AtEnd;
import dev.tidemark.Late;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * What a group was declared with, and what the pipeline overrides. Immutable.
 *
 * @param name the name of the group
 * @param version the version of its state
 * @param domain the clock of its timeout
 * @param after milliseconds after which the timeout fires by itself, 0 if the handlers set it
 * @param from what {@code after} counts from
 * @param maxAge the longest life of a group in milliseconds, 0 if without bound
 * @param lateness how long, in milliseconds, an event waits for earlier ones
 * @param late what becomes of late events
 * @param atEnd what becomes of pending timeouts at the end
 * @param allowedLateness the allowed lateness of the input's windows in milliseconds: a DoFn cannot ask for it
 * @param ttl how long, in milliseconds, a group is kept since its last event, 0 if without bound
 * @param alarms the names of its alarms
 * @param expires whether it has a handler for the end of the window
 * @param maxBatch the most events of one call
 * @param maxDelay how long, in milliseconds of the wall clock, an event waits for others to be handled with, 0 if none does
 */
public record GroupSettings(
        String name,
        int version,
        TimeoutDomain domain,
        long after,
        TimeoutFrom from,
        long maxAge,
        long lateness,
        Late late,
        AtEnd atEnd,
        long allowedLateness,
        long ttl,
        List<String> alarms,
        boolean expires,
        int maxBatch,
        long maxDelay)
        implements Serializable {
    /** Longer than all of event time, and far from the end of long, so that sums do not overflow. */
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE / 4);

    /** With neither ttl nor alarms. */
    public GroupSettings(
            String name,
            int version,
            TimeoutDomain domain,
            long after,
            TimeoutFrom from,
            long maxAge,
            long lateness,
            Late late,
            AtEnd atEnd,
            long allowedLateness) {
        this(
                name,
                version,
                domain,
                after,
                from,
                maxAge,
                lateness,
                late,
                atEnd,
                allowedLateness,
                0,
                List.of(),
                false,
                1,
                0);
    }

    private GroupSettings with(long newAfter, long newMaxAge, long newLateness, long newAllowedLateness, long newTtl) {
        return with(newAfter, newMaxAge, newLateness, newAllowedLateness, newTtl, alarms, expires, maxBatch, maxDelay);
    }

    private GroupSettings with(List<String> newAlarms, boolean newExpires, int newMaxBatch, long newMaxDelay) {
        return with(after, maxAge, lateness, allowedLateness, ttl, newAlarms, newExpires, newMaxBatch, newMaxDelay);
    }

    private GroupSettings with(
            long newAfter,
            long newMaxAge,
            long newLateness,
            long newAllowedLateness,
            long newTtl,
            List<String> newAlarms,
            boolean newExpires,
            int newMaxBatch,
            long newMaxDelay) {
        return new GroupSettings(
                name,
                version,
                domain,
                newAfter,
                from,
                newMaxAge,
                newLateness,
                late,
                atEnd,
                newAllowedLateness,
                newTtl,
                newAlarms,
                newExpires,
                newMaxBatch,
                newMaxDelay);
    }

    /** With another timeout. */
    public GroupSettings withTimeoutAfter(Duration value) {
        return with(positive(value), maxAge, lateness, allowedLateness, ttl);
    }

    /** With another longest life. */
    public GroupSettings withMaxAge(Duration value) {
        return with(after, positive(value), lateness, allowedLateness, ttl);
    }

    /** With another time to live. */
    public GroupSettings withTtl(Duration value) {
        return with(after, maxAge, lateness, allowedLateness, positive(value));
    }

    /** With another lateness, which may be zero. */
    public GroupSettings withLateness(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + ": the lateness must not be negative, but is " + value);
        }
        return with(after, maxAge, millis(value), allowedLateness, ttl);
    }

    /** With the allowed lateness of the input. */
    public GroupSettings withAllowedLateness(org.joda.time.Duration value) {
        return with(after, maxAge, lateness, value.getMillis(), ttl);
    }

    /** With these alarms. */
    public GroupSettings withAlarms(String... names) {
        return with(List.of(names), expires, maxBatch, maxDelay);
    }

    /** With a handler for the end of the window. */
    public GroupSettings withExpiry() {
        return with(alarms, true, maxBatch, maxDelay);
    }

    /** With as many events at most for each call. */
    public GroupSettings withMaxBatch(int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": a batch has at least one event, but maxBatch is " + value);
        }
        return with(alarms, expires, value, maxDelay);
    }

    /** With events that wait for others as long as this. */
    public GroupSettings withMaxDelay(Duration value) {
        return with(alarms, expires, maxBatch, positive(value));
    }

    /** The end of a window, within Beam's time. */
    static long windowEnd(BoundedWindow window) {
        return Math.min(window.maxTimestamp().getMillis(), Times.MAX);
    }

    /** When the state of a window with this end is gone. */
    long expiry(long windowEnd) {
        return Math.min(Times.plus(windowEnd, allowedLateness), Times.MAX);
    }

    private long positive(Duration value) {
        long millis = millis(value);
        if (millis <= 0) {
            throw new IllegalArgumentException(name + ": a duration must be at least a millisecond, but is " + value);
        }
        return millis;
    }

    private long millis(Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + ": a duration must be at most " + LONGEST.toDays() + " days, but is " + value);
        }
        return value.toMillis();
    }
}
