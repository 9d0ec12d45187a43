package dev.tidemark.runtime;

import dev.tidemark.Tally;

/** A {@link Tally} of an initial state, or of a state that is looked at. Tied to no cell. Not thread-safe. */
public final class LooseTally implements Tally {
    private long sum;

    @Override
    public void add(long amount) {
        sum += amount;
    }

    @Override
    public long value() {
        return sum;
    }

    @Override
    public void clear() {
        sum = 0;
    }

    @Override
    public String toString() {
        return Long.toString(sum);
    }
}
