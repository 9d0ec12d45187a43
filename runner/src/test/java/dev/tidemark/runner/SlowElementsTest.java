package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements that take long each, as where a service is asked: a checkpoint need not wait for all that has come in. */
@Timeout(120)
@Isolated("its user code counts in static fields")
class SlowElementsTest {
    private static final int ELEMENTS = 3_000;
    private static final int MILLIS_EACH = 5;

    private static final AtomicInteger PROCESSED = new AtomicInteger();
    private static volatile int processedAtFirstCheckpoint;
    private static volatile CountDownLatch checkpoint = new CountDownLatch(1);

    @TempDir
    private Path directory = Path.of("");

    static final class Ask extends DoFn<Integer, Integer> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Integer element, BundleFinalizer finalizer) throws InterruptedException {
            new CountDownLatch(1).await(MILLIS_EACH, TimeUnit.MILLISECONDS);
            PROCESSED.incrementAndGet();
            finalizer.afterBundleCommit(Instant.now().plus(Duration.standardMinutes(5)), () -> {
                if (checkpoint.getCount() > 0) {
                    processedAtFirstCheckpoint = PROCESSED.get();
                    checkpoint.countDown();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCheckpointComesBetweenThem(boolean shuffled) throws Exception {
        PROCESSED.set(0);
        checkpoint = new CountDownLatch(1);
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner",
                        "--jobName=slow",
                        "--tidemarkStateDir=" + directory,
                        "--tidemarkParallelism=1",
                        "--tidemarkCheckpointInterval=20ms")
                .create());
        List<Integer> elements = IntStream.range(0, ELEMENTS).boxed().toList();
        PCollection<Integer> numbers = pipeline.apply(Create.of(elements));
        (shuffled ? numbers.apply(Reshuffle.viaRandomKey()) : numbers).apply("ask", ParDo.of(new Ask()));
        PipelineResult result = pipeline.run();
        checkpoint.await();
        result.cancel();
        result.waitUntilFinish();

        assertThat(processedAtFirstCheckpoint).isLessThan(ELEMENTS / 3);
    }
}
