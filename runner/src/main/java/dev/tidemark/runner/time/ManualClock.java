package dev.tidemark.runner.time;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved: for the seeded mode and for tests. May be read and moved from any thread. */
public final class ManualClock implements Clock {
    private final AtomicLong millis;

    public ManualClock(long startMillis) {
        this.millis = new AtomicLong(startMillis);
    }

    @Override
    public long millis() {
        return millis.get();
    }

    @Override
    public long nanos() {
        return millis.get() * 1_000_000L;
    }

    /** Moves forward to {@code target}; a target in the past is ignored, because time does not run backwards here. */
    public void advanceTo(long target) {
        millis.accumulateAndGet(target, Math::max);
    }
}
