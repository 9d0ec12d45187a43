package dev.tidemark.processor.behaviour;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.state.Timer;
import org.joda.time.Duration;
import org.joda.time.Instant;

/** A timer that never fires, and remembers the times that it was set to. */
final class RecordedTimer implements Timer {
    final List<Long> settings = new ArrayList<>();
    long now;
    private long offset;

    @Override
    public void set(Instant time) {
        settings.add(time.getMillis());
    }

    @Override
    public void setRelative() {
        settings.add(now + offset);
    }

    @Override
    public void clear() {}

    @Override
    public Timer offset(Duration delay) {
        offset = delay.getMillis();
        return this;
    }

    @Override
    public Timer align(Duration period) {
        return this;
    }

    @Override
    public Timer withOutputTimestamp(Instant time) {
        return this;
    }

    @Override
    public Timer withNoOutputTimestamp() {
        return this;
    }

    @Override
    public Instant getCurrentRelativeTime() {
        return Instant.ofEpochMilli(now);
    }
}
