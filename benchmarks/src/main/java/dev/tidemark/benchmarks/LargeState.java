package dev.tidemark.benchmarks;

import dev.tidemark.runner.TidemarkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;

/**
 * State that does not fit into memory: a durable job with so many keys of 100 bytes, each of which is changed once per round, in an order
 * that never comes back to a key before all others had their turn. That is the worst there is for a cache. Then the job is started
 * again from what it left. What the keys have is added up, against a closed form.
 */
public final class LargeState {
    private static final String SUM = "sum";

    /** When each round began, in nanoseconds. */
    private static final AtomicLongArray BEGAN = new AtomicLongArray(64);

    private LargeState() {}

    /** Arguments: how many keys, 10,000,000 unless said otherwise, and how many rounds, 2. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException {
        long keys = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        System.out.printf(
                Locale.ROOT,
                "%,d keys of %,d bytes, %d rounds, heap of %,d MiB, %d processors%n",
                keys,
                HundredBytes.LENGTH,
                rounds,
                Runtime.getRuntime().maxMemory() >> 20,
                Runtime.getRuntime().availableProcessors());
        try (Scratch scratch = new Scratch("tidemark-large-state-")) {
            Path states = scratch.directory();
            long began = System.nanoTime();
            long sum = run(states, keys, rounds);
            long ended = System.nanoTime();
            long expected = keys * rounds * (rounds + 1) / 2;
            if (sum != expected) {
                throw new IllegalStateException(
                        String.format(Locale.ROOT, "the sum is %,d instead of %,d", sum, expected));
            }
            for (int round = 0; round < rounds; round++) {
                double seconds = ((round + 1 < rounds ? BEGAN.get(round + 1) : ended) - BEGAN.get(round)) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "round %d        %7.1f s   %,9.0f keys/s   %,6.0f ns/key%n",
                        round + 1,
                        seconds,
                        keys / seconds,
                        seconds * 1e9 / keys);
            }
            System.out.printf(
                    Locale.ROOT,
                    "all            %7.1f s   %,d MiB on disk%n",
                    (ended - began) / 1e9,
                    sizeOf(states) >> 20);
            began = System.nanoTime();
            run(states, keys, rounds);
            System.out.printf(Locale.ROOT, "started again  %7.1f s%n", (System.nanoTime() - began) / 1e9);
            Path status = Path.of("/proc/self/status");
            if (Files.exists(status)) {
                Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .forEach(System.out::println);
            }
        }
    }

    private static long sizeOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static long run(Path states, long keys, int rounds) {
        StreamingOptions options = PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner",
                        "--streaming=true",
                        "--jobName=large-state",
                        "--tidemarkProgress=off")
                .as(StreamingOptions.class);
        options.as(TidemarkOptions.class).setTidemarkStateDir(states.toString());
        Pipeline pipeline = Pipeline.create(options);
        pipeline.apply("Numbers", Read.from(SequenceSource.below(keys * rounds)))
                .apply("Key", ParDo.of(new Scatter(keys)))
                .apply("Count", ParDo.of(new CountUp()));
        PipelineResult result = pipeline.run();
        result.waitUntilFinish();
        long sum = 0;
        for (MetricResult<Long> found : result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named(LargeState.class, SUM))
                        .build())
                .getCounters()) {
            sum += found.getAttempted();
        }
        return sum;
    }

    private static final class Scatter extends DoFn<Long, KV<Long, Long>> {
        private static final long serialVersionUID = 1;

        private final long keys;

        Scatter(long keys) {
            this.keys = keys;
        }

        @ProcessElement
        public void process(@Element Long number, OutputReceiver<KV<Long, Long>> out) {
            if (number % keys == 0) {
                BEGAN.set((int) (number / keys), System.nanoTime());
            }
            out.output(KV.of(HundredBytes.key(number % keys, keys), number));
        }
    }

    private static final class CountUp extends DoFn<KV<Long, Long>, Void> {
        private static final long serialVersionUID = 1;

        private final Counter sum = Metrics.counter(LargeState.class, SUM);

        @StateId("value")
        private final StateSpec<ValueState<byte[]>> values = StateSpecs.value(ByteArrayCoder.of());

        @ProcessElement
        public void process(@Element KV<Long, Long> element, @StateId("value") ValueState<byte[]> value) {
            byte[] after = HundredBytes.changed(value.read(), element.getKey());
            value.write(after);
            sum.inc(after[0]);
        }
    }
}
