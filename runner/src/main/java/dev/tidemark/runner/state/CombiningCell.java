package dev.tidemark.runner.state;

import java.util.Arrays;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.ReadableState;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.jspecify.annotations.Nullable;

/** An accumulator. Reading extracts from a merge into a fresh one, because an output may alias what it came from. */
public final class CombiningCell<InputT, AccumT, OutputT> implements Cell, CombiningState<InputT, AccumT, OutputT> {
    private final CombineFn<InputT, AccumT, OutputT> combine;
    private @Nullable AccumT accumulator;

    public CombiningCell(CombineFn<InputT, AccumT, OutputT> combine) {
        this.combine = combine;
    }

    @Override
    public void add(InputT value) {
        accumulator = combine.addInput(getAccum(), value);
    }

    @Override
    public void addAccum(AccumT other) {
        accumulator = combine.mergeAccumulators(Arrays.asList(getAccum(), other));
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
    }

    @Override
    public boolean isVacant() {
        return accumulator == null;
    }

    @Override
    public CombiningState<InputT, AccumT, OutputT> readLater() {
        return this;
    }
}
