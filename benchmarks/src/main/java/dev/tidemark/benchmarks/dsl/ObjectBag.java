package dev.tidemark.benchmarks.dsl;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.ReadableState;

/** A bag that keeps the objects. Not thread-safe. */
final class ObjectBag<T> implements BagState<T> {
    private final List<T> elements = new ArrayList<>();

    @Override
    public void add(T value) {
        elements.add(value);
    }

    @Override
    public Iterable<T> read() {
        return elements;
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        throw new UnsupportedOperationException("not used");
    }

    @Override
    public BagState<T> readLater() {
        return this;
    }

    @Override
    public void clear() {
        elements.clear();
    }
}
