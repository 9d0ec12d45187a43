package dev.tidemark;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An input that a group could not take, or a timeout that its handler failed at.
 *
 * @param reason what went wrong
 * @param key the key as text, null if there is none
 * @param input the input, null for a timeout
 * @param time the timestamp of the element, or the time of the timeout
 * @param message one sentence for a human
 * @param stackTrace the stack trace of the exception, empty if there was none
 * @param <I> the input of the group
 */
public record Failed<I>(
        Reason reason, @Nullable String key, @Nullable I input, Instant time, String message, String stackTrace) {

    /** What went wrong. */
    public enum Reason {
        /** The key, or a component of it, is null. */
        NULL_KEY,
        /** The component marked {@link EventTime} is null. */
        NO_EVENT_TIME,
        /** The event time is minus or plus infinity, or beyond what Beam can count. */
        EVENT_TIME_OUT_OF_RANGE,
        /** The event time is not the timestamp of the element, and the input is unbounded. */
        EVENT_TIME_MISMATCH,
        /** A handler threw, and the group says {@link ErrorPolicy#EMIT}. */
        HANDLER
    }
}
