package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.job.JobState;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.StoreException;
import dev.tidemark.runner.store.TroubledStore;
import dev.tidemark.runner.translate.Translation;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A commit fails, and then the job does, and goes on by itself. Whether the disk has what was to be committed shows only when the store is
 * opened anew.
 */
@Timeout(60)
class RestartAfterFailedCommitTest {
    private static final int KEYS = 7;
    private static final int PER_KEY = 40;

    /** So that what keys have is read from the store again and again. */
    private static final int LITTLE_MEMORY = 1024;

    /** Jobs whose commit has failed, and that are yet to throw. */
    private static final Set<String> TO_THROW = ConcurrentHashMap.newKeySet();

    /** Adds what it is given to what the key has; tells the sum when it has all. */
    static final class Sum extends DoFn<KV<Integer, Long>, Long> {
        private final String job;

        @StateId("seen")
        private final StateSpec<ValueState<Integer>> seenSpec = StateSpecs.value(VarIntCoder.of());

        @StateId("sum")
        private final StateSpec<ValueState<Long>> sumSpec = StateSpecs.value(VarLongCoder.of());

        Sum(String job) {
            this.job = job;
        }

        @ProcessElement
        public void process(
                @Element KV<Integer, Long> element,
                @StateId("seen") ValueState<Integer> seen,
                @StateId("sum") ValueState<Long> sum,
                OutputReceiver<Long> output) {
            if (TO_THROW.remove(job)) {
                throw new IllegalStateException("on purpose, after a commit that failed");
            }
            int count = 1 + orZero(seen.read()).intValue();
            long total = element.getValue() + orZero(sum.read()).longValue();
            seen.write(count);
            sum.write(total);
            if (count == PER_KEY) {
                Metrics.counter("test", "sum").inc(total);
                output.output(total);
            }
        }

        private static Number orZero(@Nullable Number number) {
            return number == null ? 0 : number;
        }
    }

    /** Of one commit it says that it failed; what it was to write is there once the failure is settled. */
    private static final class FailingOnce extends TroubledStore {
        private final String job;
        private final long failing;
        private final boolean isThere;
        private @Nullable Runnable later;
        private boolean failed;

        FailingOnce(String job, long failing, boolean isThere) {
            this.job = job;
            this.failing = failing;
            this.isThere = isThere;
        }

        @Override
        public void commit(long epoch, List<Changes> changes) throws StoreException {
            settle();
            if (!failed && epoch >= failing) {
                failed = true;
                if (isThere) {
                    later = () -> rows.commit(epoch, changes);
                }
                TO_THROW.add(job);
                throw new StoreException("TM-TEST: it does not answer (on purpose)");
            }
            rows.commit(epoch, changes);
        }

        @Override
        public void settle() {
            Runnable found = later;
            later = null;
            if (found != null) {
                found.run();
            }
        }
    }

    @AfterEach
    void forget() {
        TO_THROW.clear();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingOfTheFailedCommitIsMixedWithWhatTheNextAttemptMakes(boolean isThere) throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            String name = "failing-" + isThere + "-" + seed;
            Pipeline pipeline = Pipeline.create(
                    PipelineOptionsFactory.fromArgs("--runner=TidemarkRunner").create());
            pipeline.apply(Create.of(IntStream.range(0, KEYS * PER_KEY)
                            .mapToObj(i -> KV.of(i % KEYS, (long) i))
                            .toList()))
                    .apply(ParDo.of(new Sum(name)));
            RunOptions options = new RunOptions(
                    name,
                    2,
                    1,
                    4,
                    2,
                    1,
                    LITTLE_MEMORY,
                    false,
                    ProgressStyle.OFF,
                    0,
                    new Durability("nowhere", "auto", 2, 3, false),
                    PipelineOptionsFactory.create());
            FailingOnce store = new FailingOnce(name, 2, isThere);

            Job job = Job.runSeeded(Translation.plan(pipeline, options), options, store, seed)
                    .job();

            assertThat(job.failure()).as("seed %d", seed).isNull();
            assertThat(job.state()).as("seed %d", seed).isEqualTo(JobState.DONE);
            assertThat(store.failed).as("seed %d: a commit failed", seed).isTrue();
            MetricQueryResults told = job.metrics()
                    .queryMetrics(MetricsFilter.builder()
                            .addNameFilter(MetricNameFilter.named("test", "sum"))
                            .build());
            long all = KEYS * PER_KEY;
            assertThat(told.getCounters())
                    .as("seed %d: the sums of all keys", seed)
                    .singleElement()
                    .satisfies(each -> assertThat(each.getCommitted()).isEqualTo(all * (all - 1) / 2));
        }
    }
}
