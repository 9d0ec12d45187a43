package dev.tidemark.runner.inspect;

import org.jspecify.annotations.Nullable;

/**
 * A state of one key in one window.
 *
 * @param step the step's name
 * @param window in words; empty for what is common to all windows of a key
 * @param key decoded, or its bytes in hexadecimal digits
 * @param name of the state
 * @param kind of the state, in Beam's words
 * @param value decoded: lists and maps for states of several values; hexadecimal digits where nobody knows the coder
 * @param rows in how many rows it is kept
 * @param bytes how much they take
 */
public record SavedCell(
        String step,
        String window,
        @Nullable Object key,
        String name,
        String kind,
        @Nullable Object value,
        int rows,
        long bytes) {}
