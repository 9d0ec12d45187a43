package dev.tidemark;

import java.time.Duration;
import java.time.Instant;

/**
 * Sets the timeout of a group in event time. Each handler call begins without a timeout, so one that is not set again is
 * gone. A time before the event at hand counts as that time; a time that is not after the timeout at hand counts as the
 * millisecond after it. A time beyond the end of the window counts as that end.
 */
public interface EventTimeout {

    /** Fires when the watermark has passed {@code time}, strictly. */
    void at(Instant time);

    /**
     * Fires when the watermark has passed {@code start + delay}.
     *
     * @throws IllegalArgumentException if the delay is zero or negative
     */
    void after(Instant start, Duration delay);

    /** Takes back what this call has set. */
    void none();
}
