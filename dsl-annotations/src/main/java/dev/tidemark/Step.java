package dev.tidemark;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a handler of a group whose state is a record makes of it: the state is kept, replaced or removed, rows are emitted,
 * and the timeout is set. Each call begins without a timeout, so one that is not set again is gone, unless the group re-arms
 * it by itself. Immutable.
 *
 * <pre>{@code
 * static Step<Seen, Row> update(Event event, Optional<Seen> old) {
 *   long count = old.map(Seen::count).orElse(0L) + 1;
 *   return Step.replace(new Seen(count), new Row(event.user(), count)).timeoutAfter(event.time(), Duration.ofMinutes(5));
 * }
 * }</pre>
 *
 * @param change what becomes of the state
 * @param state the new state, null unless it is replaced
 * @param rows what is emitted, in this order
 * @param timeout when the group times out in event time, null if that is not set
 * @param delay how long after the call it times out by the wall clock, null if that is not set
 * @param <S> the state of the group
 * @param <O> its output
 */
public record Step<S, O>(
        Change change,
        @Nullable S state,
        List<O> rows,
        @Nullable Instant timeout,
        @Nullable Duration delay) {

    /** What becomes of the state. */
    public enum Change {
        /** It stays as it is: if there is none, there is none. */
        KEEP,
        /** There is another one. */
        REPLACE,
        /** There is none, and no timeout. */
        REMOVE
    }

    /** A copy of the rows is taken; null among them is refused with a {@link NullPointerException}. */
    public Step {
        rows = List.copyOf(rows);
    }

    /** The state stays as it is. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is copied
    public static <S, O> Step<S, O> keep(O... rows) {
        return new Step<>(Change.KEEP, null, List.of(rows), null, null);
    }

    /** The state becomes this one. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is copied
    public static <S, O> Step<S, O> replace(S state, O... rows) {
        return new Step<>(
                Change.REPLACE,
                Objects.requireNonNull(state, "a state must not be null; Step.remove() removes it"),
                List.of(rows),
                null,
                null);
    }

    /** There is no state any more. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is copied
    public static <S, O> Step<S, O> remove(O... rows) {
        return new Step<>(Change.REMOVE, null, List.of(rows), null, null);
    }

    /** The same with another row. */
    public Step<S, O> emit(O row) {
        List<O> all = new ArrayList<>(rows);
        all.add(row);
        return new Step<>(change, state, all, timeout, delay);
    }

    /** The same, and the group times out when the watermark has passed {@code time}. */
    public Step<S, O> timeoutAt(Instant time) {
        return new Step<>(change, state, rows, Objects.requireNonNull(time), null);
    }

    /** The same, and the group times out when the watermark has passed {@code start + delay}. */
    public Step<S, O> timeoutAfter(Instant start, Duration delay) {
        return timeoutAt(start.plus(delay));
    }

    /** The same, and the group times out once {@code delay} has passed on the wall clock. */
    public Step<S, O> timeoutAfter(Duration delay) {
        return new Step<>(change, state, rows, null, Objects.requireNonNull(delay));
    }
}
