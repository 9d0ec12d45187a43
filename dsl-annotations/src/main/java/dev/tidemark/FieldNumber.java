package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Fixes the number that a field has in the stored form. Without it fields are numbered from 1 in their order of
 * declaration, skipping the numbers that are taken.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER})
public @interface FieldNumber {

    /** The number: from 1 to 65535, never used for another field of the same type before. */
    int value();
}
