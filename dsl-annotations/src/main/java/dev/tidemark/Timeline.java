package dev.tidemark;

import dev.tidemark.runtime.LooseTimeline;
import java.time.Instant;
import java.util.List;

/**
 * A field of the state that keeps values by time. Times have the precision of milliseconds; values of the same time keep
 * their order of arrival.
 *
 * @param <E> a storable type
 */
public interface Timeline<E> {

    /**
     * One value and its time.
     *
     * @param time in milliseconds precision
     * @param value what was added
     * @param <E> the type of the value
     */
    record Entry<E>(Instant time, E value) {}

    /** A timeline outside any group, without entries: for an initial state. */
    static <E> Timeline<E> empty() {
        return new LooseTimeline<>();
    }

    /** Adds one value; null is refused with a {@link NullPointerException}. */
    void add(Instant time, E value);

    /** Removes what is strictly before {@code time}. */
    void dropBefore(Instant time);

    /** How many entries there are at {@code time} or later. */
    long countSince(Instant time);

    /** The entries at {@code time} or later, by time. */
    List<Entry<E>> since(Instant time);

    /** All entries, by time. */
    List<Entry<E>> list();

    /** Whether there is none. */
    boolean isEmpty();

    /** Removes all entries. */
    void clear();
}
