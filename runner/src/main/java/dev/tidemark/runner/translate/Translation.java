package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.util.construction.PTransformMatchers;
import org.apache.beam.sdk.util.construction.SplittableParDo;

/** From a Beam pipeline to a plan: rewrites first, then steps, then stages. */
public final class Translation {
    /** Beam's own expansion: pair with a restriction, split, one window each; what remains is a step of ours. */
    private static final PTransformOverride SPLITTABLE =
            PTransformOverride.of(PTransformMatchers.splittableParDo(), new SplittableParDo.OverrideFactory<>());

    private Translation() {}

    /**
     * Translates the pipeline, which is rewritten in place, as every Beam runner does.
     *
     * @throws UnsupportedPipelineException naming every transform that cannot be run
     */
    public static Plan plan(Pipeline pipeline, RunOptions options) {
        // Primitive reads are a fifth faster than splittable ones, and their marks are what checkpoints need.
        SplittableParDo.convertReadBasedSplittableDoFnsToPrimitiveReadsIfNecessary(pipeline);
        pipeline.replaceAll(List.of(
                LimitedRead.override(),
                ShardedFiles.override(options.parallelism()),
                ShardedBatches.override(options.parallelism()),
                SPLITTABLE));
        StepCollector collector = new StepCollector(options.keepsState());
        pipeline.traverseTopologically(collector);
        return new Fusion(collector.steps(), collector.wires(), options.parallelism()).plan();
    }
}
