package dev.tidemark.runner.crash;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** The process that is killed: runs a workload to its end, or as far as it gets. */
final class Victim {
    private Victim() {}

    public static void main(String[] args) {
        String[] options = new String[args.length - 2];
        System.arraycopy(args, 2, options, 0, options.length);
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
        Workload.valueOf(args[0]).build(pipeline, args[1]);
        PipelineResult.State state = pipeline.run().waitUntilFinish();
        System.exit(state == PipelineResult.State.DONE ? 0 : 3);
    }
}
