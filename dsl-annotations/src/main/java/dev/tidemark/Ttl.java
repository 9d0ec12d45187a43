package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long a field of the state is remembered: once this much event time has passed since a handler last changed the field,
 * or put something into the handle, it has its default again, or is empty. Measured by the time of the event or timeout at
 * hand, never by the wall clock.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.FIELD)
public @interface Ttl {

    /** A duration, as in {@link StatefulGroup}. */
    String value();
}
