package dev.tidemark.runner;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Hidden;
import org.jspecify.annotations.Nullable;

/** What {@link TestTidemarkRunner} understands beyond {@link TidemarkOptions}. */
@Hidden
public interface TestTidemarkOptions extends TidemarkOptions {
    @Description(
            "Runs the whole pipeline on one thread, in an order drawn from this seed: the same seed, the same order.")
    @Nullable
    Long getTidemarkSeed();

    void setTidemarkSeed(@Nullable Long seed);

    @Description("The most elements in a bundle. 1 is torture, and finds DoFns that hope for more.")
    @Default.Integer(4096)
    int getTidemarkBundleElements();

    void setTidemarkBundleElements(int elements);

    @Description(
            "Tears the job down after so many checkpoints and lets it go on from the last one, again and again. 0 for never.")
    @Default.Integer(0)
    int getTidemarkTornDownAfter();

    void setTidemarkTornDownAfter(int checkpoints);
}
