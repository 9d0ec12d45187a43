package dev.tidemark.runner.conformance;

import java.util.List;
import org.apache.beam.runners.core.metrics.DefaultMetricResults;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Duration;

/**
 * Executes nothing and says that all went well: the control of the suite. A test that passes on it asserts nothing that a
 * runner does.
 */
public final class NothingRunner extends PipelineRunner<PipelineResult> {
    private NothingRunner() {}

    /** Called by Beam. */
    public static NothingRunner fromOptions(PipelineOptions options) {
        return new NothingRunner();
    }

    @Override
    public PipelineResult run(Pipeline pipeline) {
        MetricsEnvironment.setMetricsSupported(true);
        return new Done();
    }

    private static final class Done implements PipelineResult {
        @Override
        public State getState() {
            return State.DONE;
        }

        @Override
        public State cancel() {
            return State.DONE;
        }

        @Override
        public State waitUntilFinish(Duration duration) {
            return State.DONE;
        }

        @Override
        public State waitUntilFinish() {
            return State.DONE;
        }

        @Override
        public MetricResults metrics() {
            return new DefaultMetricResults(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
        }
    }
}
