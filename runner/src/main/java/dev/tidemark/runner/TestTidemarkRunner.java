package dev.tidemark.runner;

import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.translate.Translation;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsValidator;

/**
 * For {@code TestPipeline}: {@link #run} waits for the end and throws what the user's code threw, so that failed assertions
 * fail the test. With {@code --tidemarkSeed=N} everything runs on the calling thread, in an order drawn from N.
 */
public final class TestTidemarkRunner extends PipelineRunner<TidemarkResult> {
    private final TestTidemarkOptions options;

    private TestTidemarkRunner(TestTidemarkOptions options) {
        this.options = options;
    }

    /** Makes a runner; called by Beam. */
    public static TestTidemarkRunner fromOptions(PipelineOptions options) {
        TestTidemarkOptions checked = PipelineOptionsValidator.validate(TestTidemarkOptions.class, options);
        if (checked.getTidemarkEnforce() == null) {
            checked.setTidemarkEnforce("all");
        }
        if (checked.getTidemarkProgress().equals("auto")) {
            checked.setTidemarkProgress("off");
        }
        OptionsReader.read(checked);
        return new TestTidemarkRunner(checked);
    }

    @Override
    public TidemarkResult run(Pipeline pipeline) {
        Long seed = options.getTidemarkSeed();
        TidemarkResult result =
                seed == null ? TidemarkRunner.fromOptions(options).run(pipeline) : runSeeded(pipeline, options, seed);
        try {
            result.waitUntilFinish();
        } finally {
            // A test that gave up leaves nothing behind that would disturb the next.
            result.stopWithoutWaiting();
        }
        return result;
    }

    private static TidemarkResult runSeeded(Pipeline pipeline, TestTidemarkOptions options, long seed) {
        RunOptions run = OptionsReader.read(TidemarkRunner.copy(options), false);
        MetricsEnvironment.setMetricsSupported(true);
        try {
            return new TidemarkResult(
                    Job.runSeeded(Translation.plan(pipeline, run), run, seed).job());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new Pipeline.PipelineExecutionException(e);
        }
    }
}
