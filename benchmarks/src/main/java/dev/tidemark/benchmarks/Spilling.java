package dev.tidemark.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Groups more than fits into memory: a {@code GroupByKey} and a {@code CoGroupByKey}, each over so many GiB of values, in whatever
 * heap this JVM has. Every value is counted and its content added up, against a closed form.
 */
public final class Spilling {
    private static final int VALUE_BYTES = 1_000;
    private static final long KEYS = 20_000;
    /** One value in so many has the same key: that group alone is larger than most heaps' share of it. */
    private static final long FREQUENT = 8;

    private static final String VALUES = "values";
    private static final String SUM = "sum";

    private Spilling() {}

    /** Argument: how many GiB, 4 unless said otherwise. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        double gib = args.length > 0 ? Double.parseDouble(args[0]) : 4;
        long count = (long) (gib * (1L << 30) / VALUE_BYTES);
        System.out.printf(
                Locale.ROOT,
                "%,d values of %,d bytes, %,d keys, heap of %,d MiB, %d processors%n",
                count,
                VALUE_BYTES,
                KEYS,
                Runtime.getRuntime().maxMemory() >> 20,
                Runtime.getRuntime().availableProcessors());
        report("GroupByKey", count, Spilling::groupByKey);
        report("CoGroupByKey", count, Spilling::coGroupByKey);
    }

    private interface Shape {
        void apply(Pipeline pipeline, long count);
    }

    @SuppressWarnings("SystemOut")
    private static void report(String name, long count, Shape shape) {
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TidemarkRunner").create());
        shape.apply(pipeline, count);
        long began = System.nanoTime();
        PipelineResult result = pipeline.run();
        result.waitUntilFinish();
        double seconds = (System.nanoTime() - began) / 1e9;
        long expected = count * (count - 1) / 2;
        if (counted(result, VALUES) != count || counted(result, SUM) != expected) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s: %,d values of %,d came out, and their sum is %,d instead of %,d",
                    name,
                    counted(result, VALUES),
                    count,
                    counted(result, SUM),
                    expected));
        }
        System.out.printf(
                Locale.ROOT,
                "%-14s %6.1f s   %,8.0f values/s   %6.0f MiB/s   result correct%n",
                name,
                seconds,
                count / seconds,
                count / seconds * VALUE_BYTES / (1 << 20));
    }

    private static long counted(PipelineResult result, String name) {
        long sum = 0;
        for (MetricResult<Long> found : result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named(Spilling.class, name))
                        .build())
                .getCounters()) {
            sum += found.getAttempted();
        }
        return sum;
    }

    private static void groupByKey(Pipeline pipeline, long count) {
        values(pipeline, "Values", 0, count)
                .apply(GroupByKey.create())
                .apply("Count", ParDo.of(new DoFn<KV<Long, Iterable<byte[]>>, Void>() {
                    private static final long serialVersionUID = 1;

                    private final Tally tally = new Tally();

                    @ProcessElement
                    public void process(@Element KV<Long, Iterable<byte[]>> group) {
                        group.getValue().forEach(tally::add);
                    }
                }));
    }

    private static void coGroupByKey(Pipeline pipeline, long count) {
        TupleTag<byte[]> left = new TupleTag<>("left");
        TupleTag<byte[]> right = new TupleTag<>("right");
        KeyedPCollectionTuple.of(left, values(pipeline, "Left", 0, count / 2))
                .and(right, values(pipeline, "Right", count / 2, count))
                .apply(CoGroupByKey.create())
                .apply("Count", ParDo.of(new DoFn<KV<Long, CoGbkResult>, Void>() {
                    private static final long serialVersionUID = 1;

                    private final Tally tally = new Tally();

                    @ProcessElement
                    public void process(@Element KV<Long, CoGbkResult> group) {
                        group.getValue().getAll(left).forEach(tally::add);
                        group.getValue().getAll(right).forEach(tally::add);
                    }
                }));
    }

    private static PCollection<KV<Long, byte[]>> values(Pipeline pipeline, String name, long from, long to) {
        return pipeline.apply(name, GenerateSequence.from(from).to(to))
                .apply(name + "ByKey", ParDo.of(new DoFn<Long, KV<Long, byte[]>>() {
                    private static final long serialVersionUID = 1;

                    @ProcessElement
                    public void process(@Element Long number, OutputReceiver<KV<Long, byte[]>> out) {
                        byte[] value = new byte[VALUE_BYTES];
                        Arrays.fill(value, number.byteValue());
                        for (int i = 0; i < Long.BYTES; i++) {
                            value[i] = (byte) (number >>> (8 * i));
                        }
                        // Scattered, so that no two neighbours have the same key.
                        long key = number % FREQUENT == 0 ? 0 : (number * 0x9E3779B97F4A7C15L) >>> 20;
                        out.output(KV.of(key % KEYS, value));
                    }
                }));
    }

    /** Adds up what is in the values. */
    private static final class Tally implements java.io.Serializable {
        private static final long serialVersionUID = 1;

        private final Counter values = Metrics.counter(Spilling.class, VALUES);
        private final Counter sum = Metrics.counter(Spilling.class, SUM);

        void add(byte[] value) {
            long number = 0;
            for (int i = Long.BYTES - 1; i >= 0; i--) {
                number = number << 8 | (value[i] & 0xff);
            }
            values.inc();
            sum.inc(number);
        }
    }
}
