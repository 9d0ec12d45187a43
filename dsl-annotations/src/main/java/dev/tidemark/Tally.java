package dev.tidemark;

import dev.tidemark.runtime.LooseTally;

/** A field of the state that sums up. Adding reads nothing. */
public interface Tally {

    /** A tally outside any group: for an initial state. */
    static Tally of(long sum) {
        Tally tally = new LooseTally();
        tally.add(sum);
        return tally;
    }

    /** Adds {@code amount}, which may be negative; beyond the range of long it wraps around. */
    void add(long amount);

    /** Adds one. */
    default void increment() {
        add(1);
    }

    /** The sum so far, zero at first. */
    long value();

    /** Back to zero. */
    void clear();
}
