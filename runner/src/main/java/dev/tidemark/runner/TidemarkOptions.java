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
            "How much of the JVM's memory (25%), or how much (512MB), what a durable job remembers may take, and groups of bounded"
                    + " input, before it is only on disk: in the job's state directory, or in temporary files.")
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

    @Description(
            "The directory in which jobs keep their state, each under its --jobName; ~/.local/state/tidemark unless said otherwise. A"
                    + " job with a name goes on from its last checkpoint when it is started again, however it ended. Without a name"
                    + " state is in memory and ends with the process.")
    @Nullable
    String getTidemarkStateDir();

    void setTidemarkStateDir(@Nullable String directory);

    @Description(
            "What a job with a name begins with: auto is its last checkpoint, none is nothing (what is there is set"
                    + " aside), anything else is the path of a savepoint.")
    @Default.String("auto")
    String getTidemarkRestore();

    void setTidemarkRestore(String restore);

    @Description("Whether a job may go on without the state of steps that are not in its pipeline any more.")
    boolean getTidemarkAllowNonRestoredState();

    void setTidemarkAllowNonRestoredState(boolean allow);

    @Description("How many older checkpoints are kept, for the day the newest is damaged.")
    @Default.Integer(3)
    int getTidemarkCheckpointsRetained();

    void setTidemarkCheckpointsRetained(int checkpoints);

    @Description(
            "How often a job with a name that fails goes on from its last checkpoint by itself, before it gives up.")
    @Default.Integer(0)
    int getTidemarkMaxRestarts();

    void setTidemarkMaxRestarts(int restarts);
}
