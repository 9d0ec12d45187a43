package dev.tidemark.runner.plan;

import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/**
 * A wire that leaves one stage and enters another: the only place where elements wait in a queue.
 *
 * @param toStep the step that takes the elements in
 * @param keyCoder the coder of the key to route by; only for {@link Routing#BY_KEY}
 * @param gate whether the consumer reads nothing else until this edge has ended: a bounded side input that does not depend on
 *     what waits for it
 */
public record Edge(
        int id,
        int wire,
        int fromStage,
        int toStage,
        int toStep,
        Routing routing,
        @Nullable Coder<?> keyCoder,
        boolean gate) {

    /** Which of the consumer's tasks gets an element. */
    public enum Routing {
        /** The one that owns the element's key. */
        BY_KEY,
        /** Any: the one with the producer's own number where both sides have as many, else in turn. */
        SPREAD,
        /** Each in turn: for elements of which a few can be a lot of work. */
        IN_TURN,
        /** The first. */
        FIRST,
        /** Every one: the content of a side input. */
        BROADCAST
    }
}
