package dev.tidemark.runner.state;

import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/** One value, decoded. */
public final class ValueCell<T> implements Cell, ValueState<T> {
    private @Nullable T value;

    @Override
    public @Nullable T read() {
        return value;
    }

    @Override
    public void write(T input) {
        value = input;
    }

    @Override
    public void clear() {
        value = null;
    }

    @Override
    public boolean isVacant() {
        return value == null;
    }

    @Override
    public ValueState<T> readLater() {
        return this;
    }
}
