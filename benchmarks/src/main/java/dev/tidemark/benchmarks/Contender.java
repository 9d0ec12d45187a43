package dev.tidemark.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** What a workload runs on. The sizes are such that a run takes a second or so: two of them, to subtract what starting costs. */
enum Contender {
    LOOP("plain loop, one thread", "", 2_000_000, 20_000_000),
    TIDEMARK("TidemarkRunner", "--runner=TidemarkRunner --tidemarkParallelism=%d", 500_000, 3_000_000),
    /** With a checkpoint per second, on disk: so many numbers that a run sees several. */
    TIDEMARK_DURABLE(
            "TidemarkRunner, durable",
            "--runner=TidemarkRunner --tidemarkParallelism=%d --jobName=benchmark --tidemarkStateDir=%s",
            10_000_000,
            60_000_000),
    FLINK(
            "FlinkRunner, embedded",
            "--runner=FlinkRunner --flinkMaster=[local] --parallelism=%d --objectReuse=true --fasterCopy=true",
            200_000,
            1_000_000),
    /** With RocksDB, and a checkpoint per second of what has changed. */
    FLINK_DURABLE(
            "FlinkRunner, RocksDB",
            "--runner=FlinkRunner --flinkMaster=[local] --parallelism=%d --objectReuse=true --fasterCopy=true"
                    + " --checkpointingInterval=1000 --flinkConfDir=%s",
            200_000,
            1_000_000),
    /** Its unbounded reads make bundles of ten elements, each of them committed: hence the small sizes. */
    DIRECT_STREAMING(
            "DirectRunner, streaming",
            "--runner=DirectRunner --targetParallelism=%d --enforceImmutability=false --enforceEncodability=false",
            500,
            2_500),
    /** The same numbers from a bounded read, which is what the direct runner does best. */
    DIRECT_BATCH(
            "DirectRunner, batch",
            "--runner=DirectRunner --targetParallelism=%d --enforceImmutability=false --enforceEncodability=false",
            20_000,
            80_000);

    /** Flink's own settings, which Beam's options have no names for. */
    private static final String FLINK_STATE = """
            state.backend.type: rocksdb
            state.backend.incremental: true
            state.checkpoints.dir: %scheckpoints
            """;

    private final String title;
    private final String arguments;
    private final long small;
    private final long large;

    Contender(String title, String arguments, long small, long large) {
        this.title = title;
        this.arguments = arguments;
        this.small = small;
        this.large = large;
    }

    String title() {
        return title;
    }

    long small() {
        return small;
    }

    long large() {
        return large;
    }

    /** Flink's RocksDB is another one under the same names: of the two each contender has its own. */
    String classPath(String all) {
        String other = this == FLINK_DURABLE ? "rocksdbjni-" : "frocksdbjni-";
        return Arrays.stream(all.split(File.pathSeparator, -1))
                .filter(each -> !each.startsWith(other, each.lastIndexOf(File.separatorChar) + 1))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * The options of a job that keeps its state in a directory.
     *
     * @param newest where Flink goes on from; null to begin
     */
    List<String> checkpointing(Path directory, long intervalMillis, @Nullable Path newest) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                arguments.replace("%d", "2").replace("%s", directory.toString()).split(" ", -1)));
        if (this == FLINK_DURABLE) {
            Files.writeString(directory.resolve("flink-conf.yaml"), FLINK_STATE.formatted(directory.toUri()));
            options.removeIf(option -> option.startsWith("--checkpointingInterval"));
            options.add("--checkpointingInterval=" + intervalMillis);
            options.add("--externalizedCheckpointsEnabled=true");
            options.add("--retainExternalizedCheckpointsOnCancellation=true");
            if (newest != null) {
                options.add("--savepointPath=" + newest.toUri());
            }
        } else {
            options.add("--tidemarkCheckpointInterval=" + intervalMillis + "ms");
            options.add("--tidemarkProgress=off");
        }
        return options;
    }

    /** Runs the workload on the numbers below {@code bound}, and checks what came out; returns the nanoseconds it took. */
    long run(Workload workload, long bound, int parallelism) {
        long began = System.nanoTime();
        long sum = this == LOOP ? workload.loop(bound) : pipeline(workload, bound, parallelism);
        long nanos = System.nanoTime() - began;
        if (sum != workload.expected(bound)) {
            throw new IllegalStateException(title + " gave a wrong result for " + workload.title() + " of " + bound
                    + " numbers: the sum is " + sum + ", not " + workload.expected(bound));
        }
        return nanos;
    }

    private long pipeline(Workload workload, long bound, int parallelism) {
        String with = arguments.replace("%d", Integer.toString(parallelism));
        return with.contains("%s") ? durably(with, workload, bound) : pipeline(with, workload, bound);
    }

    /** In a directory that is gone afterwards; to remove it is part of the time, and small beside a run of seconds. */
    private long durably(String with, Workload workload, long bound) {
        try (Scratch scratch = new Scratch("tidemark-benchmark-")) {
            Path directory = scratch.directory();
            Files.writeString(directory.resolve("flink-conf.yaml"), FLINK_STATE.formatted(directory.toUri()));
            return pipeline(with.replace("%s", directory.toString()), workload, bound);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long pipeline(String with, Workload workload, long bound) {
        StreamingOptions options =
                PipelineOptionsFactory.fromArgs(with.split(" ", -1)).as(StreamingOptions.class);
        options.setStreaming(this != DIRECT_BATCH);
        Pipeline pipeline = Pipeline.create(options);
        PCollection<Long> numbers = this == DIRECT_BATCH
                ? pipeline.apply("Numbers", GenerateSequence.from(0).to(bound))
                : pipeline.apply("Numbers", Read.from(SequenceSource.below(bound)));
        workload.apply(numbers).apply("Checksum", ParDo.of(new Checksum()));
        Checksum.take();
        pipeline.run().waitUntilFinish();
        return Checksum.take();
    }
}
