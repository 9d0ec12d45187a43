package dev.tidemark.testing;

import java.time.Instant;
import java.util.Optional;

/**
 * What a tester knows of one group at the moment. Immutable.
 *
 * @param exists whether the group exists
 * @param state what it remembers; of a group that does not exist, nothing
 * @param timeout when it times out, if it does
 * @param <S> the state
 */
public record TestedGroup<S>(boolean exists, Optional<S> state, Optional<Instant> timeout) {

    /** Whether there is none: it was never opened, or it is closed. */
    public boolean isClosed() {
        return !exists;
    }
}
