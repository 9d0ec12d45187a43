package dev.tidemark.runner.state;

import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.WatermarkHoldState;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/** A watermark hold of a key and window; every change is entered in the operator's {@link Holds}. */
public final class HoldCell implements Cell, WatermarkHoldState {
    private final TimestampCombiner combiner;
    private final Holds holds;
    private @Nullable Instant held;

    public HoldCell(TimestampCombiner combiner, Holds holds) {
        this.combiner = combiner;
        this.holds = holds;
    }

    @Override
    public void add(Instant time) {
        Instant before = held;
        Instant after = before == null ? time : combiner.combine(before, time);
        if (before != null) {
            holds.remove(before.getMillis());
        }
        holds.add(after.getMillis());
        held = after;
    }

    @Override
    @SuppressWarnings("NullAway") // Beam's contract: null where nothing is held
    public @Nullable Instant read() {
        return held;
    }

    @Override
    public void clear() {
        if (held != null) {
            holds.remove(held.getMillis());
            held = null;
        }
    }

    @Override
    public boolean isVacant() {
        return held == null;
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new MapCell.LazyRead<>(() -> held == null);
    }

    @Override
    public TimestampCombiner getTimestampCombiner() {
        return combiner;
    }

    @Override
    public WatermarkHoldState readLater() {
        return this;
    }
}
