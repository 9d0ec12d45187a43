package dev.tidemark.benchmarks.dsl;

import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/** A cell that keeps the object. Not thread-safe. */
final class ObjectCell<T> implements ValueState<T> {
    private @Nullable T value;

    @Override
    public void write(T input) {
        value = input;
    }

    @Override
    public @Nullable T read() {
        return value;
    }

    @Override
    public ValueState<T> readLater() {
        return this;
    }

    @Override
    public void clear() {
        value = null;
    }
}
