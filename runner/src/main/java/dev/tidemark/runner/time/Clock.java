package dev.tidemark.runner.time;

/**
 * The door to the wall clock. Only {@code job} asks it; everyone else is told the time as an argument, so that a whole job
 * can be replayed under a clock that a test moves by hand. Thread-safe.
 */
public interface Clock {
    /** Milliseconds since the epoch. May go backwards when somebody sets the machine's clock. */
    long millis();

    /** A monotonic count of nanoseconds, meaningful only as a difference. */
    long nanos();

    /** The machine's own clock. */
    static Clock system() {
        return new Clock() {
            @Override
            public long millis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
