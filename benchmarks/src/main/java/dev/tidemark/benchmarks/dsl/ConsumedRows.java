package dev.tidemark.benchmarks.dsl;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.openjdk.jmh.infra.Blackhole;

/** Takes what a DoFn emits, counts it, and keeps none of it. Not thread-safe. */
final class ConsumedRows implements DoFn.MultiOutputReceiver {
    private final Blackhole blackhole;
    private long count;

    ConsumedRows(Blackhole blackhole) {
        this.blackhole = blackhole;
    }

    long count() {
        return count;
    }

    @Override
    public <T> DoFn.OutputReceiver<T> get(TupleTag<T> tag) {
        return new DoFn.OutputReceiver<>() {
            @Override
            public OutputBuilder<T> builder(T value) {
                throw new UnsupportedOperationException("not used");
            }

            @Override
            public void outputWithTimestamp(T value, Instant timestamp) {
                count++;
                blackhole.consume(value);
            }
        };
    }

    @Override
    public <T> DoFn.OutputReceiver<Row> getRowReceiver(TupleTag<T> tag) {
        throw new UnsupportedOperationException("not used");
    }
}
