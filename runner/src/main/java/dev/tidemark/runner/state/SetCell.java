package dev.tidemark.runner.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.state.ReadableStates;
import org.apache.beam.sdk.state.SetState;

/** Distinct values, in the order they first came; equal means equal under the coder, so byte arrays work. */
public final class SetCell<T> implements Cell, SetState<T> {
    private final Coder<T> coder;
    private final Map<Object, T> values = new LinkedHashMap<>();

    public SetCell(Coder<T> coder) {
        this.coder = coder;
    }

    /** As of now, as Beam's own state answers; other questions are answered as of when the answer is read. */
    @Override
    public ReadableState<Boolean> contains(T value) {
        return ReadableStates.immediate(values.containsKey(coder.structuralValue(value)));
    }

    @Override
    public ReadableState<Boolean> addIfAbsent(T value) {
        Object id = coder.structuralValue(value);
        if (values.containsKey(id)) {
            return ReadableStates.immediate(false);
        }
        values.put(id, value);
        return ReadableStates.immediate(true);
    }

    @Override
    public void add(T value) {
        values.put(coder.structuralValue(value), value);
    }

    @Override
    public void remove(T value) {
        values.remove(coder.structuralValue(value));
    }

    @Override
    public Iterable<T> read() {
        return List.copyOf(new ArrayList<>(values.values()));
    }

    @Override
    public void clear() {
        values.clear();
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new MapCell.LazyRead<>(values::isEmpty);
    }

    @Override
    public boolean isVacant() {
        return values.isEmpty();
    }

    @Override
    public SetState<T> readLater() {
        return this;
    }
}
