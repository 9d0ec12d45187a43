package dev.tidemark.runner.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.ReadableState;

/**
 * Values in the order they were added. What {@link #read()} gave stays as it was: the list only grows, a reader sees its
 * first elements, and clearing begins a new list.
 */
public final class BagCell<T> implements Cell, BagState<T> {
    private List<T> values = new ArrayList<>(4);

    @Override
    public void add(T value) {
        values.add(value);
    }

    @Override
    public Iterable<T> read() {
        List<T> whole = values;
        int size = whole.size();
        return () -> Collections.unmodifiableList(whole.subList(0, size)).iterator();
    }

    @Override
    public void clear() {
        if (!values.isEmpty()) {
            values = new ArrayList<>(4);
        }
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new MapCell.LazyRead<>(() -> values.isEmpty());
    }

    @Override
    public boolean isVacant() {
        return values.isEmpty();
    }

    @Override
    public BagState<T> readLater() {
        return this;
    }
}
