package dev.tidemark.runner.inspect;

import org.jspecify.annotations.Nullable;

/**
 * A timer that is pending.
 *
 * @param key decoded, or its bytes in hexadecimal digits
 * @param domain in Beam's words
 * @param millis when it is due, since 1970, by the clock or the watermark of its domain
 */
public record SavedTimer(
        String step, String window, @Nullable Object key, String name, String domain, long millis) {}
