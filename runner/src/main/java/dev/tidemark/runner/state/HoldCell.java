package dev.tidemark.runner.state;

import java.nio.ByteBuffer;
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
    private final OnlyRow row = new OnlyRow();

    public HoldCell(TimestampCombiner combiner, Holds holds) {
        this.combiner = combiner;
        this.holds = holds;
    }

    @Override
    public Kind kind() {
        return Kind.HOLD;
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
        row.change();
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
            row.change();
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

    @Override
    public void save(CellRows rows) {
        row.save(rows, () -> {
            Instant now = held;
            return now == null
                    ? null
                    : ByteBuffer.allocate(Long.BYTES).putLong(now.getMillis()).array();
        });
    }

    @Override
    public long storedBytes() {
        return row.bytes();
    }

    /** Who restored the row has entered its time in the holds: the cells of a key are made only when they are asked for. */
    @Override
    public void restore(StoredRows rows) {
        byte[] only = rows.get(CellRows.ONLY);
        if (only != null) {
            held = Instant.ofEpochMilli(millis(only));
            row.restored(only.length);
        }
    }

    /** The time in the row of a hold, in milliseconds. */
    public static long millis(byte[] row) {
        return ByteBuffer.wrap(row).getLong();
    }
}
