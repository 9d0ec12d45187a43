package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** When a group times out: part of {@link StatefulGroup#timeout()}. */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface Timeout {

    /** The clock that the timeout is measured by. */
    TimeoutDomain value() default TimeoutDomain.NONE;

    /**
     * Re-arms the timeout after each event, by this duration. Empty: the handlers set it, through {@link EventTimeout} or
     * {@link ClockTimeout}, and each call that does not set it clears it.
     */
    String after() default "";

    /** The event that {@link #after()} counts from. */
    TimeoutFrom from() default TimeoutFrom.MAX_EVENT;

    /** The longest life of a group, whatever its events; empty: without bound. */
    String maxAge() default "";
}
