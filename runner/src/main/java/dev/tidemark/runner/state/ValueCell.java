package dev.tidemark.runner.state;

import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/** One value, decoded. */
public final class ValueCell<T> implements Cell, ValueState<T> {
    private final Coder<T> coder;
    private @Nullable T value;
    private final OnlyRow row = new OnlyRow();

    public ValueCell(Coder<T> coder) {
        this.coder = coder;
    }

    @Override
    public Kind kind() {
        return Kind.VALUE;
    }

    @Override
    public @Nullable T read() {
        return value;
    }

    @Override
    public void write(T input) {
        value = input;
        row.change();
    }

    @Override
    public void clear() {
        value = null;
        row.change();
    }

    @Override
    public boolean isVacant() {
        return value == null;
    }

    @Override
    public ValueState<T> readLater() {
        return this;
    }

    @Override
    public void save(CellRows rows) {
        row.save(rows, () -> {
            T now = value;
            return now == null ? null : CellRows.encode(coder, now);
        });
    }

    @Override
    public long storedBytes() {
        return row.bytes();
    }

    @Override
    public void restore(StoredRows rows) {
        byte[] only = rows.get(CellRows.ONLY);
        if (only != null) {
            value = CellRows.decode(coder, only);
            row.restored(only.length);
        }
    }
}
