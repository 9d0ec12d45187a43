package dev.tidemark.benchmarks;

import java.util.concurrent.atomic.LongAdder;
import org.apache.beam.sdk.transforms.DoFn;

/** Adds up what arrives at the end of a pipeline, in memory: the proof that all of it was computed. One pipeline at a time. */
final class Checksum extends DoFn<Long, Void> {
    private static final long serialVersionUID = 1;

    private static final LongAdder SUM = new LongAdder();

    private transient long sum;

    /** What has been added up since the last call. */
    static long take() {
        return SUM.sumThenReset();
    }

    @StartBundle
    public void startBundle() {
        sum = 0;
    }

    @ProcessElement
    public void process(@Element Long number) {
        sum += number;
    }

    @FinishBundle
    public void finishBundle() {
        SUM.add(sum);
    }
}
