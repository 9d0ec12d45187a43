package dev.tidemark.runner.conformance;

import java.nio.file.Path;

/** A way to run the suite. */
enum Mode {
    /** As a user would: as many tasks as there are processors. */
    DEFAULT("--runner=TestTidemarkRunner"),
    /** One task per stage: exchanges become calls. */
    ONE_TASK("--runner=TestTidemarkRunner", "--tidemarkParallelism=1"),
    /** More tasks than processors. */
    EIGHT_TASKS("--runner=TestTidemarkRunner", "--tidemarkParallelism=8"),
    /** Bundles and batches of one element, on one thread that chooses the next task by a seed. */
    TORTURE(
            "--runner=TestTidemarkRunner",
            "--tidemarkParallelism=3",
            "--tidemarkBundleElements=1",
            "--tidemarkSeed=" + Long.getLong("conformance.seed", 1)),
    /** Streaming asked for, whatever the pipeline reads. */
    STREAMING("--runner=TestTidemarkRunner", "--streaming=true"),
    /** Torn down after every checkpoint, and restored from it; hardly a key stays in memory. */
    RESTORED(
            "--runner=TestTidemarkRunner",
            "--tidemarkTornDownAfter=1",
            "--tidemarkCheckpointInterval=20ms",
            "--tidemarkStateMemory=1KB"),
    /** Durable, and going on by itself after failures: for tests that fail on purpose. */
    RESTARTED(
            "--runner=TestTidemarkRunner",
            "--jobName=restarted",
            "--tidemarkStateDir=" + ofThisRun("state"),
            "--tidemarkCheckpointInterval=20ms",
            "--tidemarkMaxRestarts=10",
            "--tempRoot=" + ofThisRun("files")),
    /** Nothing is executed: the tests must notice. */
    CONTROL("--runner=" + NothingRunner.class.getName());

    private final String options;

    Mode(String... options) {
        this.options = String.join("\",\"", options);
    }

    /** A directory that nobody has used before. */
    private static Path ofThisRun(String what) {
        return Path.of("target", "conformance", "run-" + System.currentTimeMillis(), what)
                .toAbsolutePath();
    }

    /** The pipeline options, as on a command line. */
    String words() {
        return options.replace("\",\"", " ");
    }

    /** The pipeline options, as the JSON that Beam's tests read. */
    String json() {
        return "[\"" + options + "\"]";
    }
}
