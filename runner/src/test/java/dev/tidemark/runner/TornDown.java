package dev.tidemark.runner;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Jobs of three tasks that are torn down after each checkpoint, and go on from it, on one thread and under a clock that a seed moves. */
final class TornDown {
    private TornDown() {}

    static Pipeline pipeline(long seed) {
        return Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TestTidemarkRunner",
                        "--tidemarkTornDownAfter=1",
                        "--tidemarkParallelism=3",
                        "--tidemarkSeed=" + seed)
                .create());
    }
}
