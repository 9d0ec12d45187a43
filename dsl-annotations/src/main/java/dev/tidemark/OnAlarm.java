package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method called when an {@link Alarm} goes off. It may take what {@link OnTimeout} takes, and returns what that
 * returns. An alarm goes off once; the timeout of the group is not touched by it, unless the method sets it.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface OnAlarm {

    /**
     * The name of the alarm: a handler that sets it takes an {@link Alarm} parameter of this name. It is stored, so that a
     * renamed alarm is another one.
     */
    String value();
}
