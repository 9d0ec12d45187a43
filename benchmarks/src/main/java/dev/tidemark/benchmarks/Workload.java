package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.dsl.VisitsInPipeline;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

/** A pipeline over the numbers below a bound, and the same by hand. */
enum Workload {
    /** Gives each number a key, and counts per key in a ValueState: every number yields the count it leads to. */
    COUNT_1K("count per key, 1,000 keys", 1_000),
    /** The same with a hundred times as many keys. */
    COUNT_100K("count per key, 100,000 keys", 100_000),
    /** Five stateless steps, one after the other. */
    CHAIN("five stateless steps", 0),
    /** The same count, and some more to remember, by a group of the DSL. */
    VISITS("visits of 1,000 users, generated", 1_000),
    /** By a DoFn written by hand that does the same. */
    VISITS_BY_HAND("visits of 1,000 users, by hand", 1_000);

    private static final int STEPS = 5;

    private final String title;
    private final int keys;

    Workload(String title, int keys) {
        this.title = title;
        this.keys = keys;
    }

    String title() {
        return title;
    }

    PCollection<Long> apply(PCollection<Long> numbers) {
        if (this == VISITS || this == VISITS_BY_HAND) {
            return VisitsInPipeline.count(numbers, keys, this == VISITS_BY_HAND);
        }
        if (keys > 0) {
            return numbers.apply("Key", ParDo.of(new GiveKey(keys))).apply("Count", ParDo.of(new Count()));
        }
        PCollection<Long> chained = numbers;
        for (int i = 0; i < STEPS; i++) {
            chained = chained.apply("Step" + i, ParDo.of(new AddOne()));
        }
        return chained;
    }

    /** The same computation as a loop, by one thread; returns the checksum. */
    long loop(long bound) {
        long sum = 0;
        if (keys == 0) {
            for (long number = 0; number < bound; number++) {
                Long boxed = number;
                for (int i = 0; i < STEPS; i++) {
                    boxed = boxed + 1;
                }
                sum += boxed;
            }
            return sum;
        }
        Map<Long, Long> counts = new HashMap<>();
        for (long number = 0; number < bound; number++) {
            sum += counts.merge(key(number, keys), 1L, Long::sum);
        }
        return sum;
    }

    /** The checksum in closed form. */
    long expected(long bound) {
        if (keys == 0) {
            return bound * (bound - 1) / 2 + STEPS * bound;
        }
        long each = bound / keys;
        long more = bound % keys;
        return keys * (each * (each + 1) / 2) + more * (each + 1);
    }

    /** Neighbours are not of neighbouring keys; every key comes once in as many numbers as there are keys. */
    private static long key(long number, int keys) {
        return number * 7_919 % keys;
    }

    private static final class GiveKey extends DoFn<Long, KV<Long, Long>> {
        private static final long serialVersionUID = 1;

        private final int keys;

        GiveKey(int keys) {
            this.keys = keys;
        }

        @ProcessElement
        public void process(@Element Long number, OutputReceiver<KV<Long, Long>> out) {
            out.output(KV.of(key(number, keys), number));
        }
    }

    private static final class Count extends DoFn<KV<Long, Long>, Long> {
        private static final long serialVersionUID = 1;

        @StateId("count")
        private final StateSpec<ValueState<Long>> spec = StateSpecs.value();

        @ProcessElement
        public void process(@StateId("count") ValueState<Long> count, OutputReceiver<Long> out) {
            @Nullable Long before = count.read();
            long now = before == null ? 1 : before + 1;
            count.write(now);
            out.output(now);
        }
    }

    private static final class AddOne extends DoFn<Long, Long> {
        private static final long serialVersionUID = 1;

        @ProcessElement
        public void process(@Element Long number, OutputReceiver<Long> out) {
            out.output(number + 1);
        }
    }
}
