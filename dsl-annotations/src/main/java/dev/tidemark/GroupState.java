package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the class that a group remembers per key: mutable, with a no-argument constructor. All its plain fields are
 * stored together; every handle ({@link Bag}, {@link Members}, {@link Table}, {@link Tally}, {@link Timeline}), and every field marked
 * {@link Cell}, has a cell of its own.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface GroupState {

    /** The version of the stored form; state of a higher version is refused by name instead of being misread. */
    int version() default 1;
}
