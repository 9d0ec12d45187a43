package dev.tidemark.runner.io;

import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** In how many tasks the pipelines of these tests run. */
final class Ways {
    static final List<Integer> PARALLELISM = List.of(1, 3);

    private Ways() {}

    static Pipeline pipeline(int parallelism) {
        return Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", "--tidemarkParallelism=" + parallelism)
                        .create());
    }
}
