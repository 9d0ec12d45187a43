package dev.tidemark.processor.behaviour;

import dev.tidemark.runtime.Kept;
import org.apache.beam.sdk.state.ValueState;

/** The cell of one group, which counts how often it is written. */
final class KeptCell implements ValueState<Kept<String>> {
    Kept<String> value;
    int writes;

    @Override
    public void write(Kept<String> input) {
        value = input;
        writes++;
    }

    @Override
    public Kept<String> read() {
        return value;
    }

    @Override
    public ValueState<Kept<String>> readLater() {
        return this;
    }

    @Override
    public void clear() {
        value = null;
    }
}
