package dev.tidemark.examples;

import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;

/** Counts what a group set aside because it came too late. */
final class LateReadings<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1;

    static final String COUNTER = "lateReadings";

    private final Counter late = Metrics.counter(LateReadings.class, COUNTER);

    @ProcessElement
    public void process() {
        late.inc();
    }
}
