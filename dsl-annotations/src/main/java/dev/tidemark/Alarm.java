package dev.tidemark;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One of the named timers of a group, beside its timeout: a parameter of a handler whose name is that of an
 * {@link OnAlarm} method. It is measured as the timeout is, in event time or by the wall clock. Unlike the timeout it stays
 * set until it goes off, is cancelled, or the group is closed. For the thread of the handler only, until it returns.
 */
public interface Alarm {

    /**
     * Goes off when {@code time} has passed, in place of any time set before. In event time, a time before the event at hand
     * counts as that time, and one beyond the end of the window as that end.
     */
    void at(Instant time);

    /**
     * Goes off once {@code delay} has passed since the event, or the firing, at hand.
     *
     * @throws IllegalArgumentException if the delay is shorter than a millisecond
     */
    void after(Duration delay);

    /** Is not to go off. */
    void cancel();

    /** When it goes off, empty if it is not set. */
    Optional<Instant> time();
}
