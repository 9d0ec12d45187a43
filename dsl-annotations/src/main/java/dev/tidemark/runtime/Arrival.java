package dev.tidemark.runtime;

import org.jspecify.annotations.Nullable;

/**
 * What comes to a group that may be given an initial state: that, or an event.
 *
 * @param initial the initial state, null if this is an event
 * @param event the event, null if this is an initial state
 * @param <I> the input of the group
 * @param <S> its state
 */
public record Arrival<I, S>(@Nullable S initial, @Nullable I event) {

    /** Whether this is an event. */
    public boolean isEvent() {
        return event != null;
    }
}
