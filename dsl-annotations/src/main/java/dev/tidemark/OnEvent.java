package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method called once for each event of the group. It may take the input, the state, {@link Group}, {@link Out},
 * the {@code @}{@link Key} and the timeout handle of the group, in any order. It returns the output ({@code O}: exactly
 * one row), {@code Optional<O>}, {@code List<O>}, {@code Stream<O>}, or {@code void} beside {@link Out}. A method that
 * takes several events at once is marked {@link OnEvents}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface OnEvent {}
