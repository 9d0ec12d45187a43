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

    /** The epoch that contains it as it is; none yet while it has changed since. */
    long savedIn = Long.MAX_VALUE;

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

    /** The epoch that contains it as it is, 0 for the one that the job went on from; {@link Long#MAX_VALUE} while there is none. */
    public long savedIn() {
        return savedIn;
    }

    /** Whether a checkpoint that has begun contains it as it is. */
    public boolean isSaved() {
        return savedIn != Long.MAX_VALUE;
    }

    boolean isBefore(TimerEntry other) {
        return time != other.time ? time < other.time : sequence < other.sequence;
    }
}
