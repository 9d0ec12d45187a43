package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method called for each group that exists when its window ends; in the global window, when the input does. What
 * it emits has the time of that end. It may take what {@link OnTimeout} takes, except timeouts and alarms; after it the
 * group is gone. An event within the allowed lateness of the window opens the group anew, and the method is called again.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface OnExpire {}
