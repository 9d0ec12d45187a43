package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a static method of the group class that brings the plain fields of the state from one version to the next, where
 * they changed in a way that the stored form does not allow for. It takes them as a record, with the field numbers of that
 * version, and returns the state, or the record that the method for the next version takes. It is applied to each group when
 * it is next touched. Handles, and fields with a cell of their own, stay as they are.
 *
 * <pre>{@code
 * record SessionV1(int count, String last) {}
 *
 * @Migrate(from = 1)
 * static Session fromV1(SessionV1 old) { ... }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Migrate {

    /** The version of the state that is taken: below that of {@link GroupState#version()}. */
    int from();
}
