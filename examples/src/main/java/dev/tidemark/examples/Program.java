package dev.tidemark.examples;

import dev.tidemark.runner.TidemarkResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * What the programs of this package have in common: options, one run of a pipeline with progress and a clean stop, and an
 * exit code: 0 when all went well, 1 for an error of the input or the pipeline, 2 for one of the command line.
 */
final class Program {
    private Program() {}

    /** Does what a program does, and turns a failure into a message and an exit code. */
    static int guarded(Callable<Integer> program) {
        try {
            return program.call();
        } catch (ExampleException e) {
            return failed(e, e);
        } catch (Exception e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof ExampleException known) {
                    return failed(known, e);
                }
            }
            if (e instanceof IllegalArgumentException && words(e).startsWith("TM-OPTION-")) {
                // The runner reads its own options when the pipeline is submitted.
                Console.failure(String.valueOf(e.getMessage()));
                Console.debug(e);
                return 2;
            }
            Throwable cause =
                    e instanceof Pipeline.PipelineExecutionException && e.getCause() != null ? e.getCause() : e;
            Console.failure("The pipeline failed: " + words(cause));
            for (Throwable note : e.getSuppressed()) {
                Console.detail(words(note));
            }
            Console.detail("Set TIDEMARK_DEBUG=1 to see where in the code. [TM-RUN-001]");
            Console.debug(e);
            return 1;
        }
    }

    private static int failed(ExampleException known, Throwable thrown) {
        Console.failure(String.valueOf(known.getMessage()));
        Console.debug(thrown);
        return known.kind().exitCode();
    }

    private static String words(Throwable failure) {
        String message = failure.getMessage();
        String type = failure.getClass().getSimpleName();
        return message == null ? type : message + " (" + type + ")";
    }

    /** The options of {@code args}, for TidemarkRunner unless they name another. */
    static <T extends PipelineOptions> T options(Class<T> type, String... args) {
        List<String> all = new ArrayList<>(Arrays.asList(args));
        all.addAll(defaults(all));
        PipelineOptionsFactory.register(type);
        try {
            return PipelineOptionsFactory.fromArgs(all.toArray(String[]::new))
                    .withValidation()
                    .as(type);
        } catch (IllegalArgumentException e) {
            throw ExampleException.usage(
                    "TM-OPTION-004",
                    "Cannot use " + (args.length == 0 ? "the options" : String.join(" ", args)),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given"),
                    "Options are written --name=value; examples/README.md has a list.");
        }
    }

    /** What is said for people who have not said it: the runner, and that they want to see how far it is. */
    static List<String> defaults(List<String> args) {
        List<String> defaults = new ArrayList<>();
        String runner = args.stream()
                .filter(arg -> arg.startsWith("--runner="))
                .findFirst()
                .orElse("");
        if (runner.isEmpty()) {
            defaults.add("--runner=TidemarkRunner");
        }
        boolean onTidemark = runner.isEmpty() || runner.toLowerCase(Locale.ROOT).contains("tidemark");
        if (onTidemark && args.stream().noneMatch(arg -> arg.startsWith("--tidemarkProgress="))) {
            defaults.add("--tidemarkProgress=" + (Console.isTerminal() ? "bar" : "plain"));
        }
        return defaults;
    }

    /**
     * How a run ended.
     *
     * @param stopped whether a signal ended it early
     * @param exitCode of the program, if nothing else goes wrong
     */
    record Outcome(PipelineResult result, long nanos, boolean stopped, int exitCode) {
        long counted(Class<?> namespace, String counter) {
            return Program.counted(result, namespace, counter);
        }

        String seconds() {
            return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
        }
    }

    /** Runs the pipeline to its end, or until a signal stops it. */
    static Outcome run(Pipeline pipeline) {
        long began = System.nanoTime();
        PipelineResult result = pipeline.run();
        StopSignals signals = StopSignals.listen(() -> stop(result));
        PipelineResult.State state = result.waitUntilFinish();
        boolean stopped = signals.any() || state == PipelineResult.State.CANCELLED;
        if (stopped) {
            Console.heading(
                    result instanceof TidemarkResult job && job.keepsState()
                            ? "stopped; the same command goes on from here"
                            : "stopped; what had not been read is not in the result");
        }
        return new Outcome(result, System.nanoTime() - began, stopped, stopped ? signals.exitCode() : 0);
    }

    /** With a last checkpoint where the job keeps its state. */
    private static void stop(PipelineResult result) {
        try {
            Console.endOfProgress();
            Console.heading("stopping … (once more to stop at once)");
            if (result instanceof TidemarkResult job) {
                job.stop();
            } else {
                result.cancel();
            }
        } catch (Exception e) {
            Console.failure("Cannot stop cleanly: " + words(e) + ". Press Ctrl-C once more to stop at once.");
            Console.debug(e);
        }
    }

    /** The sum of a counter over all steps; 0 where the runner counts nothing yet. */
    static long counted(PipelineResult result, Class<?> namespace, String counter) {
        long sum = 0;
        for (MetricResult<Long> found : result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named(namespace, counter))
                        .build())
                .getCounters()) {
            sum += found.getAttempted();
        }
        return sum;
    }
}
