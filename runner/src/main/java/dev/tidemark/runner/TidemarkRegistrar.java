package dev.tidemark.runner;

import java.util.List;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsRegistrar;
import org.apache.beam.sdk.runners.PipelineRunnerRegistrar;

/** Tells Beam of the runners and their options, so that they can be named on a command line. */
public final class TidemarkRegistrar {
    private TidemarkRegistrar() {}

    /** Found by Beam through {@code META-INF/services}. */
    public static final class Runners implements PipelineRunnerRegistrar {
        @Override
        public Iterable<Class<? extends PipelineRunner<?>>> getPipelineRunners() {
            return List.of(TidemarkRunner.class, TestTidemarkRunner.class);
        }
    }

    /** Found by Beam through {@code META-INF/services}. */
    public static final class Options implements PipelineOptionsRegistrar {
        @Override
        public Iterable<Class<? extends PipelineOptions>> getPipelineOptions() {
            return List.of(TidemarkOptions.class, TestTidemarkOptions.class);
        }
    }
}
