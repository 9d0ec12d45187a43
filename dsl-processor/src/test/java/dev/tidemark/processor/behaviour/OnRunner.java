package dev.tidemark.processor.behaviour;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A runner that every claim must hold on. */
enum OnRunner {
    DIRECT("--runner=DirectRunner", "--targetParallelism=1"),
    TIDEMARK("--runner=TestTidemarkRunner", "--tidemarkParallelism=2");

    private final String[] arguments;

    OnRunner(String... arguments) {
        this.arguments = arguments;
    }

    Pipeline pipeline() {
        return Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
    }
}
