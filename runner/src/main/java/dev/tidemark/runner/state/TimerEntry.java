package dev.tidemark.runner.state;

import org.apache.beam.sdk.state.TimeDomain;
import org.jspecify.annotations.Nullable;

/** A pending timer. The queue that holds it makes every change. */
public final class TimerEntry {
    private final Id id;
    private final @Nullable Object key;
    long time;
    long outputTime;
    long sequence;
    int position;
    /** Whether the queue has to look at it when it is saved next. */
    boolean dirty;
    /** Whether the last epoch that it was saved for has it. */
    boolean stored;

    /** What makes two settings the same timer. */
    public record Id(@Nullable Object structuralKey, Object window, TimeDomain domain, String family, String name) {}

    TimerEntry(Id id, @Nullable Object key) {
        this.id = id;
        this.key = key;
    }

    public Id id() {
        return id;
    }

    /** The key as the user knows it. */
    public @Nullable Object key() {
        return key;
    }

    /** When the timer fires, in milliseconds of its domain: once that time has been passed, strictly. */
    public long time() {
        return time;
    }

    /** The timestamp of what its callback emits; until then the output watermark stays at or before it. */
    public long outputTime() {
        return outputTime;
    }

    boolean isBefore(TimerEntry other) {
        return time != other.time ? time < other.time : sequence < other.sequence;
    }
}
