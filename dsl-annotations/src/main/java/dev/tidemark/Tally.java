package dev.tidemark;

/** A field of the state that sums up. Adding reads nothing. */
public interface Tally {

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
