package dev.tidemark;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the method called with several events of the group at once, in place of {@link OnEvent}. It may take what that
 * takes, but a {@code List<I>}, {@code Collection<I>} or {@code Iterable<I>} of the input instead of one, and returns what
 * that returns: {@code O} is one row for each call. The list cannot be changed, and is never empty.
 *
 * <p>With {@code order = ARRIVAL} events of a key wait, in state, until there are {@link #maxBatch} of them or the first has
 * waited for {@link #maxDelay}, at the latest until the window ends; they come in the order of their arrival, as far as the
 * runner keeps it. What is pending meanwhile waits for them: before a timeout fires, the events that came before it are
 * handled. With {@code order = EVENT_TIME} they wait for the watermark as ever, and come in order, as many at a time as it
 * has passed; the list ends where a timeout that is pending, or that re-arms itself, comes before the next event.
 *
 * <p>In a call {@link Group#eventTime()} is the time of the latest of the events, and so is that of what it emits. Whether
 * it throws is told of all of them: with {@code @OnError(EMIT)} each is emitted as {@link Failed}. Where batches begin and
 * end depends on when events come: a method that gives the same however they are cut is one that can be replayed.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface OnEvents {

    /** The most events of one call. Without it there is one, which does not wait. */
    int maxBatch() default 1;

    /**
     * How long, by the wall clock, the first event of a batch waits for others: {@code "1s"}, {@code "500ms"}. Required with
     * {@code order = ARRIVAL} where {@link #maxBatch} is more than one, and of no use elsewhere.
     */
    String maxDelay() default "";
}
