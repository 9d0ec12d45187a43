package dev.tidemark.runner;

import org.apache.beam.sdk.options.ApplicationNameOptions;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.jspecify.annotations.Nullable;

/** The options of {@link TidemarkRunner}. All begin with {@code tidemark}, so that no other runner's are in their way. */
public interface TidemarkOptions extends PipelineOptions, ApplicationNameOptions, StreamingOptions {
    @Description("How many tasks run each stage side by side, from 1 to 128. 0: as many as this JVM sees processors.")
    @Default.Integer(0)
    int getTidemarkParallelism();

    void setTidemarkParallelism(int tasks);

    @Description("Time between two checkpoints, with its unit: 500ms, 1s, 2m, or ISO-8601 such as PT1S.")
    @Default.String("1s")
    String getTidemarkCheckpointInterval();

    void setTidemarkCheckpointInterval(String interval);

    @Description(
            "How much of the JVM's memory (25%), or how much (512MB), groups of bounded input may take before they go to"
                    + " temporary files.")
    @Default.String("25%")
    String getTidemarkStateMemory();

    void setTidemarkStateMemory(String memory);

    @Description(
            "How a job says on standard error how far it has come: bar is one line that changes, plain a line every five"
                    + " seconds, json an object every five seconds, off nothing. auto: bar on a terminal, off elsewhere; ./tidemark"
                    + " says plain elsewhere.")
    @Default.String("auto")
    String getTidemarkProgress();

    void setTidemarkProgress(String progress);

    @Description(
            "Whether what DoFns emit is checked, at a cost: all finds values that their coder cannot encode, and values"
                    + " that somebody changes after they were emitted. none, unless said otherwise; in tests with"
                    + " TestTidemarkRunner all.")
    @Nullable
    String getTidemarkEnforce();

    void setTidemarkEnforce(@Nullable String enforce);
}
