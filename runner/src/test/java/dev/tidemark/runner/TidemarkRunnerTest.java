package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.translate.Translation;
import dev.tidemark.runner.translate.UnsupportedPipelineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TidemarkRunnerTest {
    private static final List<String> EVERY_WAY = List.of(
            "--tidemarkParallelism=1", "--tidemarkParallelism=2", "--tidemarkParallelism=8", "--tidemarkSeed=42");

    private static Pipeline pipeline(String... args) {
        return Pipeline.create(PipelineOptionsFactory.fromArgs(args).as(TestTidemarkOptions.class));
    }

    private static Pipeline testPipeline(String arg) {
        return pipeline("--runner=TestTidemarkRunner", arg);
    }

    /** Counts per key, and emits each new count. */
    static final class CountPerKey extends DoFn<KV<String, Long>, KV<String, Long>> {
        @StateId("count")
        private final StateSpec<ValueState<Long>> spec = StateSpecs.value(VarLongCoder.of());

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("count") ValueState<Long> count,
                OutputReceiver<KV<String, Long>> out) {
            Long before = count.read();
            long now = before == null ? 1 : before + 1;
            count.write(now);
            out.output(KV.of(element.getKey(), now));
        }
    }

    /** Turns a number into one of seven keys. */
    static final class ToKey extends DoFn<Long, KV<String, Long>> {
        @ProcessElement
        public void process(@Element Long element, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of("key" + element % 7, element));
        }
    }

    private static PCollection<KV<String, Long>> keyed(Pipeline pipeline, long count) {
        return pipeline.apply(GenerateSequence.from(0).to(count))
                .apply(ParDo.of(new ToKey()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    }

    private static List<KV<String, Long>> countsOfSeventy() {
        List<KV<String, Long>> expected = new ArrayList<>();
        for (int key = 0; key < 7; key++) {
            for (long count = 1; count <= 10; count++) {
                expected.add(KV.of("key" + key, count));
            }
        }
        return expected;
    }

    @Test
    void stateIsKeptPerKeyHoweverManyTasksShareTheKeys() {
        for (String way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            PAssert.that(keyed(pipeline, 70).apply(ParDo.of(new CountPerKey()))).containsInAnyOrder(countsOfSeventy());
            pipeline.run();
        }
    }

    @Test
    void groupsCombinesFlattensAndSideInputsAgreeHoweverTheWorkIsCut() {
        for (String way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            PCollection<Long> numbers = pipeline.apply(GenerateSequence.from(0).to(70));
            PCollection<Long> twice = PCollectionList.of(numbers).and(numbers).apply(Flatten.pCollections());
            PCollectionView<Long> total = twice.apply(Count.globally()).apply(View.asSingleton());
            PCollection<KV<String, Long>> counted = twice.apply(ParDo.of(new ToKey()))
                    .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                    .apply(Count.perKey());
            PAssert.that(counted.apply("AddTotal", ParDo.of(new AddTotal(total)).withSideInputs(total)))
                    .containsInAnyOrder(
                            "key0:20 of 140",
                            "key1:20 of 140",
                            "key2:20 of 140",
                            "key3:20 of 140",
                            "key4:20 of 140",
                            "key5:20 of 140",
                            "key6:20 of 140");
            pipeline.run();
        }
    }

    static final class AddTotal extends DoFn<KV<String, Long>, String> {
        private final PCollectionView<Long> total;

        AddTotal(PCollectionView<Long> total) {
            this.total = total;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            context.output(context.element().getKey() + ":" + context.element().getValue() + " of "
                    + context.sideInput(total));
        }
    }

    /** Emits what it saw in a window when the window is over. */
    static final class AtWindowEnd extends DoFn<KV<String, Long>, String> {
        @StateId("sum")
        private final StateSpec<ValueState<Long>> spec = StateSpecs.value(VarLongCoder.of());

        @TimerId("end")
        private final TimerSpec end = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                org.apache.beam.sdk.transforms.windowing.BoundedWindow window,
                @StateId("sum") ValueState<Long> sum,
                @TimerId("end") Timer timer) {
            Long before = sum.read();
            sum.write((before == null ? 0 : before) + element.getValue());
            timer.set(window.maxTimestamp());
        }

        @OnTimer("end")
        public void end(OnTimerContext context, @Key String key, @StateId("sum") ValueState<Long> sum) {
            context.output(key + "=" + sum.read() + "@"
                    + context.window().maxTimestamp().getMillis());
        }
    }

    @Test
    void eventTimersFireOnceTheWatermarkHasPassedThemAndLateElementsAreDroppedAndCounted() {
        for (String way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            PCollection<KV<String, Long>> input =
                    pipeline.apply(TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                            .addElements(at("a", 1, 0), at("b", 2, 5))
                            .addElements(at("a", 3, 9), at("a", 10, 12))
                            .advanceWatermarkTo(Instant.ofEpochMilli(11))
                            .addElements(at("a", 100, 3))
                            .advanceWatermarkToInfinity());
            PAssert.that(input.apply(Window.into(FixedWindows.of(Duration.millis(10))))
                            .apply(ParDo.of(new AtWindowEnd())))
                    .containsInAnyOrder("a=4@9", "b=2@9", "a=10@19");
            PipelineResult result = pipeline.run();

            assertThat(counter(result, "StatefulParDoDropped")).isEqualTo(1);
        }
    }

    private static TimestampedValue<KV<String, Long>> at(String key, long value, long millis) {
        return TimestampedValue.of(KV.of(key, value), Instant.ofEpochMilli(millis));
    }

    private static long counter(PipelineResult result, String name) {
        long sum = 0;
        for (var each :
                result.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
            if (each.getName().getName().equals(name)) {
                sum += each.getAttempted();
            }
        }
        return sum;
    }

    static final class CountedIdentity extends DoFn<Long, Long> {
        private final Counter seen = Metrics.counter("test", "seen");

        @ProcessElement
        public void process(@Element Long element, OutputReceiver<Long> out) {
            seen.inc();
            out.output(element);
        }
    }

    @Test
    void aPipelineOfNothingIsDone() {
        for (String way : EVERY_WAY) {
            assertThat(testPipeline(way).run().getState()).isEqualTo(PipelineResult.State.DONE);
        }
    }

    @Test
    void whatHasBeenCountedIsCommittedOnceTheJobHasEnded() {
        Pipeline pipeline = pipeline("--runner=TidemarkRunner", "--tidemarkParallelism=2");
        pipeline.apply(GenerateSequence.from(0).to(1_000)).apply(ParDo.of(new CountedIdentity()));
        PipelineResult result = pipeline.run();
        result.waitUntilFinish();
        List<Long> attemptedAndCommitted = new ArrayList<>();
        result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named("test", "seen"))
                        .build())
                .getCounters()
                .forEach(counter -> {
                    attemptedAndCommitted.add(counter.getAttempted());
                    attemptedAndCommitted.add(counter.getCommitted());
                });
        assertThat(attemptedAndCommitted).containsExactly(1_000L, 1_000L);
    }

    @Test
    void anElementThatWaitsForASideInputIsCountedOnce() {
        Pipeline pipeline = pipeline("--runner=TidemarkRunner", "--tidemarkParallelism=2");
        PCollection<Long> numbers = pipeline.apply(GenerateSequence.from(0).to(70));
        // The view depends on what waits for it: elements are pushed back.
        PCollectionView<Long> total = numbers.apply(Count.globally()).apply(View.asSingleton());
        numbers.apply(ParDo.of(new ToKey()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("AddTotal", ParDo.of(new AddTotal(total)).withSideInputs(total));
        PipelineResult result = pipeline.run();
        result.waitUntilFinish();
        List<Long> counts = new ArrayList<>();
        result.metrics().allMetrics().getCounters().forEach(counter -> {
            if (counter.getKey().stepName().startsWith("AddTotal")
                    && counter.getName().getName().contains("element_count")) {
                counts.add(counter.getAttempted());
            }
        });
        assertThat(counts).containsExactly(70L);
    }

    @Test
    void metricsAddUpOverTasks() {
        Pipeline pipeline = pipeline("--runner=tidemark", "--tidemarkParallelism=4");
        pipeline.apply(GenerateSequence.from(0).to(1000)).apply(ParDo.of(new CountedIdentity()));
        PipelineResult result = pipeline.run();

        assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(result.metrics()
                        .queryMetrics(MetricsFilter.builder()
                                .addNameFilter(MetricNameFilter.named("test", "seen"))
                                .build())
                        .getCounters())
                .singleElement()
                .satisfies(metric -> assertThat(metric.getAttempted()).isEqualTo(1000L));
    }

    static final class PassesOn extends DoFn<Long, Long> {
        @ProcessElement
        public void process(@Element Long element, OutputReceiver<Long> out) {
            out.output(element);
        }
    }

    static final class FailsAtSeven extends DoFn<Long, Long> {
        @ProcessElement
        public void process(@Element Long element) throws IOException {
            if (element == 7) {
                throw new IOException("seven is not wanted");
            }
        }
    }

    @Test
    void aFailingDoFnFailsThePipelineWithTheUsersCauseAndSaysWhere() {
        Pipeline pipeline = pipeline("--runner=TidemarkRunner", "--tidemarkParallelism=2");
        pipeline.apply(GenerateSequence.from(0).to(100))
                .apply("Lucky", ParDo.of(new PassesOn()))
                .apply("Unlucky", ParDo.of(new FailsAtSeven()));
        PipelineResult result = pipeline.run();

        assertThatThrownBy(result::waitUntilFinish)
                .isInstanceOf(PipelineExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasRootCauseMessage("seven is not wanted")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()[0])
                        .hasMessageContaining("TM-JOB-001")
                        .hasMessageContaining("failed in step Unlucky/ParMultiDo(FailsAtSeven)"));
        assertThat(result.getState()).isEqualTo(PipelineResult.State.FAILED);
    }

    static final class Blocks extends DoFn<Long, Long> {
        static final CountDownLatch ENTERED = new CountDownLatch(1);

        @ProcessElement
        public void process() throws InterruptedException {
            ENTERED.countDown();
            new CountDownLatch(1).await();
        }
    }

    @Test
    void cancelInterruptsUserCodeThatBlocks() throws InterruptedException {
        Pipeline pipeline = pipeline("--runner=TidemarkRunner");
        pipeline.apply(GenerateSequence.from(0)).apply(ParDo.of(new Blocks()));
        PipelineResult result = pipeline.run();
        assertThat(Blocks.ENTERED.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(cancel(result)).isEqualTo(PipelineResult.State.CANCELLED);
        assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.CANCELLED);
    }

    private static PipelineResult.State cancel(PipelineResult result) {
        try {
            return result.cancel();
        } catch (IOException e) {
            throw new AssertionError("cancel does no I/O", e);
        }
    }

    @Test
    void waitingEndsWithTheTimeAllowedWhileTheJobGoesOn() {
        Pipeline pipeline = pipeline("--runner=TidemarkRunner");
        pipeline.apply(GenerateSequence.from(0).withRate(10, Duration.standardSeconds(1)));
        PipelineResult result = pipeline.run();

        assertThat(result.waitUntilFinish(Duration.millis(200))).isEqualTo(PipelineResult.State.RUNNING);
        assertThat(cancel(result)).isEqualTo(PipelineResult.State.CANCELLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=8"})
    void everyThreadIsNamedAndGoneAfterTheJob(String way, @TempDir Path state) {
        Pipeline pipeline =
                pipeline("--runner=TidemarkRunner", "--jobName=threads", "--tidemarkStateDir=" + state, way);
        pipeline.apply(GenerateSequence.from(0)).apply(ParDo.of(new CountedIdentity()));
        PipelineResult result = pipeline.run();
        assertThat(within10Seconds(
                        () -> ofJob().stream().anyMatch(name -> name.startsWith("tidemark-threads-worker-"))))
                .isTrue();

        assertThat(cancel(result)).isEqualTo(PipelineResult.State.CANCELLED);

        assertThat(within10Seconds(() -> ofJob().isEmpty()))
                .as("left: %s", ofJob())
                .isTrue();
    }

    private static boolean within10Seconds(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return condition.getAsBoolean();
    }

    private static List<String> ofJob() {
        return threadNames().stream()
                .filter(name -> name.startsWith("tidemark-threads"))
                .toList();
    }

    private static List<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    @Test
    void whatCannotBeRunIsRefusedAtSubmissionAllOfItInOneMessage() {
        Pipeline pipeline = pipeline("--runner=TidemarkRunner");
        PCollection<KV<String, Long>> input =
                keyed(pipeline, 1).apply(Window.into(Sessions.withGapDuration(Duration.millis(1))));
        input.apply("MyCounter", ParDo.of(new CountPerKey()));
        input.apply("MyOtherCounter", ParDo.of(new CountPerKey()));

        assertThatThrownBy(pipeline::run)
                .isInstanceOf(UnsupportedPipelineException.class)
                .hasMessageContaining("TM-PLAN-001")
                .hasMessageContaining("MyCounter")
                .hasMessageContaining("MyOtherCounter");
    }

    private static long traceOf(long seed) throws Exception {
        TestTidemarkOptions options = PipelineOptionsFactory.fromArgs(
                        "--runner=TestTidemarkRunner", "--tidemarkParallelism=3", "--jobName=traced")
                .as(TestTidemarkOptions.class);
        Pipeline pipeline = Pipeline.create(options);
        keyed(pipeline, 500).apply(ParDo.of(new CountPerKey())).apply(Count.perKey());
        RunOptions run = OptionsReader.read(options);
        Job.SeededRun result = Job.runSeeded(Translation.plan(pipeline, run), run, seed);
        assertThat(result.job().failure()).isNull();
        return result.trace();
    }

    @Test
    void theSameSeedGivesTheSameTraceAndAnotherSeedAnother() throws Exception {
        long first = traceOf(1);

        assertThat(traceOf(1)).isEqualTo(first);
        assertThat(traceOf(2)).isNotEqualTo(first);
    }

    /** Says when something has come through. */
    static final class Arrival extends DoFn<KV<String, Long>, Void> {
        static volatile CountDownLatch latch = new CountDownLatch(1);

        @ProcessElement
        public void process() {
            latch.countDown();
        }
    }

    /** Emits each element, and waits in a timer at the end until others have it. */
    static final class EmitThenWait extends DoFn<KV<String, Long>, KV<String, Long>> {
        @TimerId("end")
        private final TimerSpec spec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                BoundedWindow window,
                @TimerId("end") Timer end,
                OutputReceiver<KV<String, Long>> out) {
            out.output(element);
            end.set(window.maxTimestamp());
        }

        @OnTimer("end")
        public void end() throws InterruptedException {
            if (!Arrival.latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("what was emitted before the timer has not arrived while it fires");
            }
        }
    }

    @RepeatedTest(10)
    void whatWasEmittedIsOnItsWayBeforeATimerFiresThatMayTakeLong() {
        Arrival.latch = new CountDownLatch(1);
        Pipeline pipeline = testPipeline("--tidemarkParallelism=2");
        keyed(pipeline, 1)
                .apply(ParDo.of(new EmitThenWait()))
                .apply(Reshuffle.of())
                .apply(ParDo.of(new Arrival()));

        assertThat(pipeline.run().waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    }
}
