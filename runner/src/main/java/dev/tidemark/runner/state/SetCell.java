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

    private final ChangedParts<Object, T> changed;

    /** @param kept whether the cell is going to be saved */
    public SetCell(Coder<T> coder, boolean kept) {
        this.coder = coder;
        this.changed = new ChangedParts<>(kept);
    }

    @Override
    public Kind kind() {
        return Kind.SET;
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
        changed.add(id, value);
        return ReadableStates.immediate(true);
    }

    @Override
    public void add(T value) {
        Object id = coder.structuralValue(value);
        values.put(id, value);
        changed.add(id, value);
    }

    @Override
    public void remove(T value) {
        Object id = coder.structuralValue(value);
        values.remove(id);
        changed.add(id, value);
    }

    @Override
    public Iterable<T> read() {
        return List.copyOf(new ArrayList<>(values.values()));
    }

    @Override
    public void clear() {
        changed.addAll(values, value -> value);
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

    @Override
    public void save(CellRows rows) {
        for (Map.Entry<Object, T> part : changed.entries()) {
            byte[] name = CellRows.encode(coder, part.getValue());
            if (values.containsKey(part.getKey())) {
                rows.put(name, CellRows.ONLY);
                changed.sized(name, CellRows.ONLY);
            } else {
                rows.delete(name);
            }
        }
        changed.saved(rows, !values.isEmpty());
    }

    @Override
    public long storedBytes() {
        return changed.bytesOf(values.size());
    }

    @Override
    public void restore(StoredRows rows) {
        for (CellRows.Row row : changed.restored(rows)) {
            T value = CellRows.decode(coder, row.name());
            values.put(coder.structuralValue(value), value);
        }
    }
}
