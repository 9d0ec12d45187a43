package dev.tidemark.processor.declaration;

/**
 * A value of an annotation.
 *
 * @param value what is written, or the default
 * @param explicit whether it is written
 * @param site where it is written; the annotation if it is not
 */
public record Written<T>(T value, boolean explicit, Site site) {}
