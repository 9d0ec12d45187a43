package dev.tidemark.runner.time;

/** A clock that stands still until it is moved: for the seeded mode and for tests. May be read from any thread. */
public final class ManualClock implements Clock {
    private volatile long millis;

    public ManualClock(long startMillis) {
        this.millis = startMillis;
    }

    @Override
    public long millis() {
        return millis;
    }

    @Override
    public long nanos() {
        return millis * 1_000_000L;
    }

    /** Moves forward to {@code target}; a target in the past is ignored, because time does not run backwards here. */
    public void advanceTo(long target) {
        if (target > millis) {
            millis = target;
        }
    }
}
