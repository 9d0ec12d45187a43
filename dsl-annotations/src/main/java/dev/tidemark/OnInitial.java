package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method called once for each key of the initial state, before the events of that key and whether there are any or
 * not. It may take what {@link OnEvent} takes except the input; the state is the one given. A group that has such a method,
 * which may be empty, has {@code withInitialState}. The timestamp of an initial state takes part in the order: it comes
 * before the events of its time, and {@link Timeout#after()} counts from it. One without a timestamp comes before everything,
 * and sets no timeout by itself.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface OnInitial {}
