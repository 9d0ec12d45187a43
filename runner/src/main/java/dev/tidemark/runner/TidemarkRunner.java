package dev.tidemark.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.translate.Translation;
import java.io.IOException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsValidator;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.util.common.ReflectHelpers;

/**
 * Runs any Beam Java pipeline inside this JVM: choose it with {@code --runner=TidemarkRunner} (or {@code --runner=tidemark}).
 *
 * <p>{@link #run} returns as soon as the job has started. A program whose main method returns lives until the job has ended.
 * Thread-safe; one runner may run several pipelines, each in a job of its own.
 */
public final class TidemarkRunner extends PipelineRunner<TidemarkResult> {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().registerModules(ObjectMapper.findModules(ReflectHelpers.findClassLoader()));

    private final TidemarkOptions options;

    private TidemarkRunner(TidemarkOptions options) {
        this.options = options;
    }

    /**
     * Makes a runner; called by Beam for {@code pipeline.run()}, or directly, to run a pipeline whatever its options name.
     *
     * @throws IllegalArgumentException if an option cannot be used, saying which and why
     */
    public static TidemarkRunner fromOptions(PipelineOptions options) {
        TidemarkOptions checked = PipelineOptionsValidator.validate(TidemarkOptions.class, options);
        OptionsReader.read(checked);
        return new TidemarkRunner(checked);
    }

    /**
     * Starts the pipeline.
     *
     * @throws dev.tidemark.runner.translate.UnsupportedPipelineException if it has transforms that cannot be run, naming all
     *     of them; nothing has been read or written then
     * @throws Pipeline.PipelineExecutionException if a source cannot be split, with the user's cause
     */
    @Override
    public TidemarkResult run(Pipeline pipeline) {
        boolean named = OptionsReader.isNamed(options);
        RunOptions run = OptionsReader.read(copy(options), named);
        Plan plan = Translation.plan(pipeline, run);
        MetricsEnvironment.setMetricsSupported(true);
        try {
            return new TidemarkResult(Job.start(plan, run));
        } catch (UserCodeException e) {
            throw new Pipeline.PipelineExecutionException(e.getCause());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new Pipeline.PipelineExecutionException(e);
        }
    }

    /** A copy that the user's later changes do not reach, made the way a cluster would: through JSON. */
    static TidemarkOptions copy(TidemarkOptions options) {
        try {
            return MAPPER.readValue(MAPPER.writeValueAsBytes(options), PipelineOptions.class)
                    .as(TidemarkOptions.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "TM-OPTION-102: the pipeline options cannot be written as JSON, which every Beam runner needs: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public String toString() {
        return "TidemarkRunner";
    }
}
