package dev.tidemark.benchmarks;

import dev.tidemark.runner.TidemarkOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/** What a workload runs on. The sizes are such that a run takes a second or so: two of them, to subtract what starting costs. */
enum Contender {
    LOOP("plain loop, one thread", "", 2_000_000, 20_000_000),
    TIDEMARK("TidemarkRunner", "--runner=TidemarkRunner --tidemarkParallelism=%d", 500_000, 3_000_000),
    /** With a checkpoint per second, on disk: so many numbers that a run sees several. */
    TIDEMARK_DURABLE(
            "TidemarkRunner, durable",
            "--runner=TidemarkRunner --tidemarkParallelism=%d --jobName=benchmark --tidemarkRestore=none",
            10_000_000,
            60_000_000),
    FLINK(
            "FlinkRunner, embedded",
            "--runner=FlinkRunner --flinkMaster=[local] --parallelism=%d --objectReuse=true --fasterCopy=true",
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
        StreamingOptions options = PipelineOptionsFactory.fromArgs(
                        arguments.replace("%d", Integer.toString(parallelism)).split(" ", -1))
                .as(StreamingOptions.class);
        options.setStreaming(this != DIRECT_BATCH);
        if (this == TIDEMARK_DURABLE) {
            return durably(options, workload, bound);
        }
        return pipeline(options, workload, bound);
    }

    /** In a directory that is gone afterwards; to remove it is part of the time, and small beside a run of seconds. */
    private long durably(StreamingOptions options, Workload workload, long bound) {
        try {
            Path states = Files.createTempDirectory("tidemark-benchmark-");
            options.as(TidemarkOptions.class).setTidemarkStateDir(states.toString());
            long sum = pipeline(options, workload, bound);
            try (Stream<Path> files = Files.walk(states)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
            return sum;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long pipeline(StreamingOptions options, Workload workload, long bound) {
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
