package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the class whose methods handle the events of one key: a group. The annotation processor writes
 * {@code <Class>Group}, a plain Beam transform, beside it.
 *
 * <p>Durations are ISO-8601 ({@code PT5S}) or a number and a unit ({@code 5s}, {@code 30m}, {@code 12h}, {@code 7d},
 * {@code 10 minutes}); they are read at compile time.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface StatefulGroup {

    /** The identity of the stored state: {@code [a-z0-9-]+}, unique in the module, never to be changed. */
    String name();

    /** When a group times out; by default never. */
    Timeout timeout() default @Timeout;

    /** The order in which the events of a key reach {@link OnEvent}. Must be chosen when the timeout is in event time. */
    Order order() default Order.ARRIVAL;

    /** How long an event may be out of order; needs {@link Order#EVENT_TIME}. */
    String lateness() default "0s";

    /** What becomes of an event behind the watermark, where event time matters to the group. */
    Late late() default Late.DROP;

    /** Whether the output is a stream of rows or the latest row of each key. */
    OutputMode output() default OutputMode.APPEND;

    /**
     * How long the state of a group is kept since its last event, in event time; empty: without bound. Then the group is
     * forgotten, with its timeout and its alarms: no handler is called, and nothing is emitted.
     */
    String ttl() default "";

    /** What becomes of a timeout that is still pending when the window, or the input, ends. */
    AtEnd atEnd() default AtEnd.FIRE_TIMEOUTS;
}
