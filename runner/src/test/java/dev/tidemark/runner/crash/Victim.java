package dev.tidemark.runner.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** The process that is killed: runs a workload to its end, or as far as it gets. */
final class Victim {
    private Victim() {}

    public static void main(String[] args) {
        String[] options = new String[args.length - 2];
        System.arraycopy(args, 2, options, 0, options.length);
        System.exit(run(Workload.valueOf(args[0]), args[1], options) == PipelineResult.State.DONE ? 0 : 3);
    }

    private static PipelineResult.State run(Workload workload, String job, String... options) {
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
        workload.build(pipeline, job);
        return pipeline.run().waitUntilFinish();
    }

    /** One that lives in this process, and so cannot be killed. */
    static PipelineResult.State run(Workload workload, Path job, int parallelism, String memory) {
        return run(workload, job.toString(), options(job, parallelism, memory).toArray(new String[0]));
    }

    private static List<String> options(Path job, int parallelism, String memory) {
        return List.of(
                "--runner=TidemarkRunner",
                "--jobName=victim",
                "--tidemarkStateDir=" + job.resolve("state"),
                "--tidemarkCheckpointInterval=50ms",
                "--tidemarkStateMemory=" + memory,
                "--tidemarkParallelism=" + parallelism);
    }

    /** Starts one, whose log goes to a file. */
    static Process start(
            Workload workload, Path job, Path log, int parallelism, String memory, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(Victim.class.getName(), workload.name(), job.toString()));
        command.addAll(options(job, parallelism, memory));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
