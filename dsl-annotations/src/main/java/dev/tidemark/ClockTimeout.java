package dev.tidemark;

import java.time.Duration;

/**
 * Sets the timeout of a group by the wall clock. Each handler call begins without a timeout, so one that is not set again
 * is gone.
 */
public interface ClockTimeout {

    /**
     * Fires once {@code delay} has passed.
     *
     * @throws IllegalArgumentException if the delay is shorter than a millisecond
     */
    void after(Duration delay);

    /** Takes back what this call has set. */
    void none();
}
