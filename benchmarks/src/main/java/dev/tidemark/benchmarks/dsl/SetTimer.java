package dev.tidemark.benchmarks.dsl;

import org.apache.beam.sdk.state.Timer;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** A timer that is set, and that whoever set it up lets fire. Not thread-safe. */
final class SetTimer implements Timer {
    private Instant time = Instant.EPOCH;
    private Instant watermark = Instant.EPOCH;

    Instant time() {
        return time;
    }

    /** What the DoFn sees as the time of the timer's clock. */
    void watermark(Instant now) {
        watermark = now;
    }

    @Override
    public void set(Instant absoluteTime) {
        time = absoluteTime;
    }

    @Override
    public void setRelative() {
        throw new UnsupportedOperationException("event time is absolute");
    }

    @Override
    public void clear() {
        time = Instant.EPOCH;
    }

    @Override
    public Timer offset(Duration offset) {
        return this;
    }

    @Override
    public Timer align(Duration period) {
        return this;
    }

    @Override
    public Timer withOutputTimestamp(Instant outputTime) {
        return this;
    }

    @Override
    public Timer withNoOutputTimestamp() {
        return this;
    }

    @Override
    public Instant getCurrentRelativeTime() {
        return watermark;
    }
}
