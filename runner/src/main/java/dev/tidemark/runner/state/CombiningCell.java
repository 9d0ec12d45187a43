package dev.tidemark.runner.state;

import java.util.Arrays;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.jspecify.annotations.Nullable;

/** An accumulator. Reading extracts from a merge into a fresh one, because an output may alias what it came from. */
public final class CombiningCell<InputT, AccumT, OutputT> implements Cell, CombiningState<InputT, AccumT, OutputT> {
    private final CombineFn<InputT, AccumT, OutputT> combine;
    private final Coder<AccumT> coder;
    private @Nullable AccumT accumulator;
    private final OnlyRow row = new OnlyRow();

    public CombiningCell(CombineFn<InputT, AccumT, OutputT> combine, Coder<AccumT> coder) {
        this.combine = combine;
        this.coder = coder;
    }

    @Override
    public Kind kind() {
        return Kind.COMBINING;
    }

    @Override
    public void add(InputT value) {
        accumulator = combine.addInput(getAccum(), value);
        row.change();
    }

    @Override
    public void addAccum(AccumT other) {
        accumulator = combine.mergeAccumulators(Arrays.asList(getAccum(), other));
        row.change();
    }

    @Override
    public AccumT getAccum() {
        return accumulator == null ? combine.createAccumulator() : accumulator;
    }

    @Override
    public OutputT read() {
        return combine.extractOutput(combine.mergeAccumulators(Arrays.asList(combine.createAccumulator(), getAccum())));
    }

    @Override
    public AccumT mergeAccumulators(Iterable<AccumT> accumulators) {
        return combine.mergeAccumulators(accumulators);
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        return new MapCell.LazyRead<>(() -> accumulator == null);
    }

    @Override
    public void clear() {
        accumulator = null;
        row.change();
    }

    @Override
    public boolean isVacant() {
        return accumulator == null;
    }

    @Override
    public CombiningState<InputT, AccumT, OutputT> readLater() {
        return this;
    }

    @Override
    public void save(CellRows rows) {
        row.save(rows, () -> {
            AccumT now = accumulator;
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
            accumulator = CellRows.decode(coder, only);
            row.restored(only.length);
        }
    }
}
