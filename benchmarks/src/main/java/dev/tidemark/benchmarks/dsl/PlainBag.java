package dev.tidemark.benchmarks.dsl;

import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.ReadableState;

/** What bags have in common here: nobody asks whether they are empty, and nothing is read ahead. */
abstract class PlainBag<T> implements BagState<T> {
    @Override
    public final ReadableState<Boolean> isEmpty() {
        throw new UnsupportedOperationException("not used");
    }

    @Override
    public final BagState<T> readLater() {
        return this;
    }
}
