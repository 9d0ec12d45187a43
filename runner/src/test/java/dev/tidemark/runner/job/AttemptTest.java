package dev.tidemark.runner.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.operator.JobMetrics;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.StoreException;
import dev.tidemark.runner.store.TroubledStore;
import dev.tidemark.runner.time.Clock;
import dev.tidemark.runner.translate.Translation;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttemptTest {
    private static final long LONG_SECONDS = 30;

    /** A disk that takes its time: a write has begun, and it may come to its end. */
    private static final CountDownLatch WRITING = new CountDownLatch(1);

    private final CountDownLatch mayEnd = new CountDownLatch(1);

    static final class FailWhileACheckpointIsWritten extends DoFn<Long, Long> {
        @ProcessElement
        public void process() {
            if (WRITING.getCount() == 0) {
                throw new IllegalStateException("on purpose, while a checkpoint is written");
            }
        }
    }

    private final class SlowStore extends TroubledStore {
        private volatile boolean writing;

        @Override
        public void commit(long epoch, List<Changes> changes) throws StoreException {
            writing = true;
            WRITING.countDown();
            try {
                if (!mayEnd.await(LONG_SECONDS, TimeUnit.SECONDS)) {
                    throw new StoreException("nobody waited for the disk");
                }
            } catch (InterruptedException e) {
                throw new StoreException("interrupted", e);
            }
            rows.commit(epoch, changes);
            writing = false;
        }
    }

    /** Threads, for which nobody waits long; the disk has done its work when they are waited for once more. */
    private final class Impatient implements Scheduler {
        private final WorkerPool pool;
        private int waits;

        Impatient(BiConsumer<Slot, Throwable> onFailure) {
            pool = new WorkerPool(
                    "impatient", 3, 4, WorkerPool.PATIENCE_MILLIS, Clock.system(), onFailure, message -> {});
        }

        @Override
        public void wake(Slot slot) {
            pool.wake(slot);
        }

        @Override
        public void start() {
            pool.start();
        }

        @Override
        public void stop() {
            pool.stop();
        }

        @Override
        public boolean awaitStopped(long millis) throws InterruptedException {
            waits++;
            if (waits > 1) {
                mayEnd.countDown();
            }
            return pool.awaitStopped(waits > 1 ? millis : 50);
        }
    }

    @Test
    void anAttemptIsNotOverBeforeTheDiskHasTakenTheCheckpointThatIsBeingWritten() throws Exception {
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TidemarkRunner").create());
        pipeline.apply(GenerateSequence.from(0)).apply(ParDo.of(new FailWhileACheckpointIsWritten()));
        RunOptions options = new RunOptions(
                "slow",
                2,
                3,
                4,
                2,
                1,
                64 << 20,
                false,
                ProgressStyle.OFF,
                0,
                new Durability("nowhere", "auto", 2, 0, false),
                PipelineOptionsFactory.create());
        SlowStore store = new SlowStore();

        Attempt.Ending ending = new Attempt(
                        Translation.plan(pipeline, options),
                        options,
                        store,
                        null,
                        LocalFiles.ofOneRun("test"),
                        Clock.system(),
                        new JobMetrics(),
                        Impatient::new)
                .run();

        assertThat(ending.how()).isEqualTo(Attempt.How.FAILED);
        assertThat(ending.why()).hasMessageContaining("on purpose");
        assertThat(store.writing).as("a checkpoint is being written").isFalse();
        assertThat(store.epoch()).isEqualTo(1);
    }
}
