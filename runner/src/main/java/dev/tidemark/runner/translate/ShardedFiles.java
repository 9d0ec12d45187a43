package dev.tidemark.runner.translate;

import java.util.Map;
import org.apache.beam.sdk.io.WriteFiles;
import org.apache.beam.sdk.io.WriteFilesResult;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.runners.PTransformOverrideFactory;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.util.construction.PTransformReplacements;
import org.apache.beam.sdk.util.construction.ReplacementOutputs;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Files for windows whose number is left to the runner: one for each task. Beam's own way, without shards, is a file for each bundle, named
 * by its place among those of the same window that come together at the end; here they come as they are written, and the second file of
 * a window would be given the name of the first, and dropped.
 */
final class ShardedFiles {
    private ShardedFiles() {}

    /** @param tasks how many tasks write */
    @SuppressWarnings({"unchecked", "rawtypes"}) // the factory is for every element and destination
    static PTransformOverride override(int tasks) {
        return PTransformOverride.of(
                application -> application.getTransform() instanceof WriteFiles<?, ?, ?> write
                        && namesFilesByTheirPlace(write, application)
                        && canBeReplaced(write),
                (PTransformOverrideFactory) new Factory<>(tasks));
    }

    /** A handler of bad records has been closed with the pipeline's description: nothing can be written down for it any more. */
    private static boolean canBeReplaced(WriteFiles<?, ?, ?> write) {
        return write.getBadRecordErrorHandler() instanceof ErrorHandler.DefaultErrorHandler;
    }

    /** What does not end has shards of its own. */
    static boolean namesFilesByTheirPlace(WriteFiles<?, ?, ?> write, AppliedPTransform<?, ?, ?> applied) {
        return write.getWindowedWrites()
                && write.getNumShardsProvider() == null
                && write.getComputeNumShards() == null
                && !write.getWithAutoSharding()
                && applied.getMainInputs().values().stream()
                        .allMatch(input -> input.isBounded() == PCollection.IsBounded.BOUNDED);
    }

    private record Factory<UserT, DestinationT, OutputT>(int tasks)
            implements PTransformOverrideFactory<
                    PCollection<UserT>, WriteFilesResult<DestinationT>, WriteFiles<UserT, DestinationT, OutputT>> {
        @Override
        public PTransformReplacement<PCollection<UserT>, WriteFilesResult<DestinationT>> getReplacementTransform(
                AppliedPTransform<
                                PCollection<UserT>,
                                WriteFilesResult<DestinationT>,
                                WriteFiles<UserT, DestinationT, OutputT>>
                        applied) {
            return PTransformReplacement.of(
                    PTransformReplacements.getSingletonMainInput(applied),
                    applied.getTransform().withNumShards(tasks));
        }

        @Override
        public Map<PCollection<?>, ReplacementOutput> mapOutputs(
                Map<TupleTag<?>, PCollection<?>> outputs, @Nullable WriteFilesResult<DestinationT> replaced) {
            return ReplacementOutputs.tagged(outputs, replaced);
        }
    }
}
