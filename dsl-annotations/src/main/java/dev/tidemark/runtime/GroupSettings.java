package dev.tidemark.runtime;

import dev.tidemark.AtEnd;
import dev.tidemark.Late;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import java.io.Serializable;
import java.time.Duration;

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
        long allowedLateness)
        implements Serializable {
    /** Longer than all of event time, and far from the end of long, so that sums do not overflow. */
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE / 4);

    /** With another timeout. */
    public GroupSettings withTimeoutAfter(Duration value) {
        return new GroupSettings(
                name, version, domain, positive(value), from, maxAge, lateness, late, atEnd, allowedLateness);
    }

    /** With another longest life. */
    public GroupSettings withMaxAge(Duration value) {
        return new GroupSettings(
                name, version, domain, after, from, positive(value), lateness, late, atEnd, allowedLateness);
    }

    /** With another lateness, which may be zero. */
    public GroupSettings withLateness(Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + ": the lateness must not be negative, but is " + value);
        }
        return new GroupSettings(
                name, version, domain, after, from, maxAge, millis(value), late, atEnd, allowedLateness);
    }

    /** With the allowed lateness of the input. */
    public GroupSettings withAllowedLateness(org.joda.time.Duration value) {
        return new GroupSettings(name, version, domain, after, from, maxAge, lateness, late, atEnd, value.getMillis());
    }

    private long positive(Duration value) {
        long millis = millis(value);
        if (millis <= 0) {
            throw new IllegalArgumentException(name + ": a timeout must be at least a millisecond, but is " + value);
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
