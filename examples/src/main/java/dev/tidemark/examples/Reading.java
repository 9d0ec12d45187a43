package dev.tidemark.examples;

import org.joda.time.Instant;

/**
 * One sample of an accelerometer, with the activity that its user was at.
 *
 * @param line where the reading stood in the input
 * @param millis the event time, in milliseconds since the epoch
 * @param activity the labelled activity; the text {@code null} is a label like any other (it says "none")
 */
public record Reading(long line, long millis, double x, double y, double z, String user, String device, String activity)
        implements Row {

    /** The event time. */
    public Instant time() {
        return Instant.ofEpochMilli(millis);
    }
}
