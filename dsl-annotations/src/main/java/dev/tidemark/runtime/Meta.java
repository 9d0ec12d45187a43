package dev.tidemark.runtime;

import java.util.Map;

/**
 * What is stored about a group beside the user's fields: the cell {@code ~meta}. Times are milliseconds, {@link #NONE} if
 * there is none.
 *
 * @param version the version of the state class that wrote it
 * @param exists whether there is state: fields that all have their defaults are state, too
 * @param ending whether the timer at the end of the window is set; only for timeouts by the wall clock
 * @param deadline when the group times out, unless it reaches its longest life before
 * @param armed the time that the timer {@code ~wake} is set to, at or before the time it is needed
 * @param held the time at which that timer holds the watermark
 * @param frontier the highest time of an event handled, where that matters: in order, or with a timeout by the wall clock
 * @param created when the group was opened
 * @param minBuffered the lowest time of an event in {@code ~inbox}
 * @param touched the highest time of an event, of a group with a {@code ttl}
 * @param named the times of the alarms that are set, and of the last changes of fields with a {@code ttl}, by name
 */
public record Meta(
        int version,
        boolean exists,
        boolean ending,
        long deadline,
        long armed,
        long held,
        long frontier,
        long created,
        long minBuffered,
        long touched,
        Map<String, Long> named) {

    /** No time. */
    public static final long NONE = Long.MIN_VALUE;

    /** Takes a copy of the names. */
    public Meta {
        named = Map.copyOf(named);
    }
}
