package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a group see each event once: on the input record. An event is a duplicate if one with the same values in the
 * components {@link #on} came before it, whose time is at most {@link #within} away from its own. What is remembered has an
 * absolute deadline, the time of the event plus {@code within}, so it means the same on every runner. Duplicates are counted
 * in {@code dedup.dropped}, and go to {@code duplicates()} of the result.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Deduplicate {

    /** The components that tell events apart: of types that a key may have. */
    String[] on();

    /** How far apart in event time two events may be and still be the same: a duration, as in {@link StatefulGroup}. */
    String within();
}
