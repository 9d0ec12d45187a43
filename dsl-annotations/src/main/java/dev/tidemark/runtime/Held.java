package dev.tidemark.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What is stored of a field with a cell of its own: a cell that is empty stands for the default, which null need not be.
 *
 * @param value of the field
 * @param <T> the type of the field
 */
public record Held<T>(@Nullable T value) {}
