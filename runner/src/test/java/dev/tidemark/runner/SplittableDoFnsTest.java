package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.translate.Translation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.splittabledofn.ManualWatermarkEstimator;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.SplitResult;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimators;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SplittableDoFnsTest {
    private static final List<String[]> EVERY_WAY = List.of(
            new String[] {"--tidemarkParallelism=1"},
            new String[] {"--tidemarkParallelism=8"},
            new String[] {"--tidemarkParallelism=3", "--tidemarkBundleElements=1"},
            new String[] {"--tidemarkSeed=42"});

    private static Pipeline pipeline(String... args) {
        return Pipeline.create(PipelineOptionsFactory.fromArgs(args).as(TestTidemarkOptions.class));
    }

    private static Pipeline testPipeline(String... more) {
        List<String> args = new ArrayList<>(List.of(more));
        args.add("--runner=TestTidemarkRunner");
        return pipeline(args.toArray(String[]::new));
    }

    /** Emits the numbers below each element. */
    static final class NumbersBelow extends DoFn<Long, Long> {
        @GetInitialRestriction
        public OffsetRange all(@Element Long end) {
            return new OffsetRange(0, end);
        }

        @SplitRestriction
        public void split(@Restriction OffsetRange range, OutputReceiver<OffsetRange> parts) {
            range.split(7, 1).forEach(parts::output);
        }

        @ProcessElement
        public void process(RestrictionTracker<OffsetRange, Long> tracker, OutputReceiver<Long> out) {
            for (long at = tracker.currentRestriction().getFrom(); tracker.tryClaim(at); at++) {
                out.output(at);
            }
        }
    }

    @Test
    void everyPositionOfASplitRestrictionIsProcessedOnceHoweverTheWorkIsCut() {
        for (String[] way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            List<Long> expected = new ArrayList<>();
            LongStream.of(100, 23, 0, 1).forEach(end -> LongStream.range(0, end).forEach(expected::add));
            PAssert.that(pipeline.apply(Create.of(100L, 23L, 0L, 1L)).apply(ParDo.of(new NumbersBelow())))
                    .containsInAnyOrder(expected);
            pipeline.run();
        }
    }

    /** Knows itself what comes next: its positions are null. */
    private static final class InTurn extends RestrictionTracker<OffsetRange, Void> {
        private final long end;
        private long next;

        InTurn(OffsetRange range) {
            this.next = range.getFrom();
            this.end = range.getTo();
        }

        @Override
        public boolean tryClaim(Void position) {
            return next++ < end;
        }

        @Override
        public OffsetRange currentRestriction() {
            return new OffsetRange(Math.min(next, end), end);
        }

        @Override
        public @Nullable SplitResult<OffsetRange> trySplit(double fractionOfRemainder) {
            return null;
        }

        @Override
        public void checkDone() {
            if (next <= end) {
                throw new IllegalStateException("not all was claimed");
            }
        }

        @Override
        public IsBounded isBounded() {
            return IsBounded.BOUNDED;
        }
    }

    static final class NumbersInTurn extends DoFn<Long, Long> {
        @GetInitialRestriction
        public OffsetRange all(@Element Long end) {
            return new OffsetRange(0, end);
        }

        @NewTracker
        public RestrictionTracker<OffsetRange, Void> tracker(@Restriction OffsetRange range) {
            return new InTurn(range);
        }

        @ProcessElement
        @SuppressWarnings("NullAway") // what is claimed is null here
        public void process(RestrictionTracker<OffsetRange, Void> tracker, OutputReceiver<Long> out) {
            for (long at = 0; tracker.tryClaim(null); at++) {
                out.output(at);
            }
        }
    }

    @Test
    void aPositionMayBeNull() {
        Pipeline pipeline = testPipeline();
        PAssert.that(pipeline.apply(Create.of(3L)).apply(ParDo.of(new NumbersInTurn())))
                .containsInAnyOrder(0L, 1L, 2L);
        pipeline.run();
    }

    /** Emits a number per millisecond of event time, three at a call, and says how far it has come. */
    @DoFn.UnboundedPerElement
    static final class Ticks extends DoFn<Long, Long> {
        @GetInitialRestriction
        public OffsetRange all(@Element Long end) {
            return new OffsetRange(0, end);
        }

        @GetInitialWatermarkEstimatorState
        public Instant start() {
            return Instant.EPOCH;
        }

        @NewWatermarkEstimator
        public WatermarkEstimators.Manual estimator(@WatermarkEstimatorState Instant state) {
            return new WatermarkEstimators.Manual(state);
        }

        @ProcessElement
        public ProcessContinuation process(
                RestrictionTracker<OffsetRange, Long> tracker,
                ManualWatermarkEstimator<Instant> estimator,
                OutputReceiver<Long> out) {
            long from = tracker.currentRestriction().getFrom();
            for (long at = from; at < from + 3; at++) {
                if (!tracker.tryClaim(at)) {
                    return ProcessContinuation.stop();
                }
                out.outputWithTimestamp(at, Instant.ofEpochMilli(at));
                estimator.setWatermark(Instant.ofEpochMilli(at));
            }
            return ProcessContinuation.resume().withResumeDelay(Duration.millis(1));
        }
    }

    static final class WithPane extends DoFn<Long, String> {
        @ProcessElement
        public void process(@Element Long count, @Timestamp Instant end, PaneInfo pane, OutputReceiver<String> out) {
            out.output(end.getMillis() + ": " + count + " " + pane.getTiming() + (pane.isLast() ? "" : " and more"));
        }
    }

    @Test
    void whatAnUnboundedRestrictionHasNotSaidYetHoldsTheWatermarkAndIsNeverLate() {
        for (String[] way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            PAssert.that(pipeline.apply(Create.of(50L))
                            .apply(ParDo.of(new Ticks()))
                            .apply(Window.into(FixedWindows.of(Duration.millis(10))))
                            .apply(Combine.globally(Count.<Long>combineFn()).withoutDefaults())
                            .apply(ParDo.of(new WithPane())))
                    .containsInAnyOrder(
                            "9: 10 ON_TIME", "19: 10 ON_TIME", "29: 10 ON_TIME", "39: 10 ON_TIME", "49: 10 ON_TIME");
            pipeline.run();
        }
    }

    @Test
    void windowsCloseWhileARestrictionWithoutEndGoesOn() {
        AllSeen.seen = new CountDownLatch(3);
        Pipeline pipeline = pipeline("--runner=TidemarkRunner", "--tidemarkParallelism=2");
        pipeline.apply(Create.of(Long.MAX_VALUE))
                .apply(ParDo.of(new Ticks()))
                .apply(Window.into(FixedWindows.of(Duration.millis(10))))
                .apply(Combine.globally(Count.<Long>combineFn()).withoutDefaults())
                .apply(ParDo.of(new AllSeen()));
        PipelineResult result = pipeline.run();

        assertThat(opens(AllSeen.seen)).isTrue();
        assertThat(cancel(result)).isEqualTo(PipelineResult.State.CANCELLED);
    }

    /** Emits each of its elements once, with the pane and the window it came in. */
    static final class Echo extends DoFn<KV<String, Iterable<Long>>, String> {
        @GetInitialRestriction
        public OffsetRange once() {
            return new OffsetRange(0, 1);
        }

        @ProcessElement
        public void process(
                @Element KV<String, Iterable<Long>> element,
                PaneInfo pane,
                RestrictionTracker<OffsetRange, Long> tracker,
                OutputReceiver<String> out) {
            if (tracker.tryClaim(0L)) {
                out.output(element.getKey() + " " + pane.getTiming());
            }
        }
    }

    static final class ToKey extends DoFn<Long, KV<String, Long>> {
        @ProcessElement
        public void process(@Element Long element, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of("key" + element, element));
        }
    }

    @Test
    void lateElementsKeepTheirPane() {
        for (String[] way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            PAssert.that(pipeline.apply(TestStream.create(VarLongCoder.of())
                                    .addElements(TimestampedValue.of(1L, Instant.ofEpochMilli(1)))
                                    .advanceWatermarkTo(Instant.ofEpochMilli(50))
                                    .addElements(TimestampedValue.of(2L, Instant.ofEpochMilli(2)))
                                    .advanceWatermarkToInfinity())
                            .apply(Window.<Long>into(FixedWindows.of(Duration.millis(10)))
                                    .withAllowedLateness(Duration.millis(1000))
                                    .discardingFiredPanes())
                            .apply(ParDo.of(new ToKey()))
                            .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                            .apply(GroupByKey.create())
                            .apply(ParDo.of(new Echo())))
                    .containsInAnyOrder("key1 ON_TIME", "key2 LATE");
            pipeline.run();
        }
    }

    /** Counts to ten in every window of an element, with a side input of that window. */
    static final class PerWindow extends DoFn<Long, String> {
        private final PCollectionView<Long> total;

        PerWindow(PCollectionView<Long> total) {
            this.total = total;
        }

        @GetInitialRestriction
        public OffsetRange ten() {
            return new OffsetRange(0, 10);
        }

        @ProcessElement
        public ProcessContinuation process(
                ProcessContext context, BoundedWindow window, RestrictionTracker<OffsetRange, Long> tracker) {
            long at = tracker.currentRestriction().getFrom();
            if (!tracker.tryClaim(at)) {
                return ProcessContinuation.stop();
            }
            context.output(window.maxTimestamp().getMillis() + ": " + at + " of " + context.sideInput(total));
            return ProcessContinuation.resume();
        }
    }

    @Test
    void eachWindowOfAnElementIsProcessedByItselfAndSeesItsSideInputToTheEnd() {
        for (String[] way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            PCollection<Long> input = pipeline.apply(
                            Create.timestamped(TimestampedValue.of(1L, Instant.ofEpochMilli(5)))
                                    .withCoder(VarLongCoder.of()))
                    .apply(Window.into(SlidingWindows.of(Duration.millis(20)).every(Duration.millis(10))));
            PCollectionView<Long> total = input.apply(
                            Combine.globally(Count.<Long>combineFn()).withoutDefaults())
                    .apply(View.asSingleton());
            List<String> expected = new ArrayList<>();
            for (int at = 0; at < 10; at++) {
                expected.add("9: " + at + " of 1");
                expected.add("19: " + at + " of 1");
            }
            PAssert.that(input.apply(ParDo.of(new PerWindow(total)).withSideInputs(total)))
                    .containsInAnyOrder(expected);
            pipeline.run();
        }
    }

    /** Breaks the rule that the element names. */
    static final class RuleBreaker extends DoFn<String, Long> {
        static final AtomicInteger SET_UP = new AtomicInteger();
        static final AtomicInteger TORN_DOWN = new AtomicInteger();

        @Setup
        public void setUp() {
            SET_UP.incrementAndGet();
        }

        @Teardown
        public void tearDown() {
            TORN_DOWN.incrementAndGet();
        }

        @GetInitialRestriction
        public OffsetRange one() {
            return new OffsetRange(0, 1);
        }

        @ProcessElement
        public ProcessContinuation process(
                @Element String rule, RestrictionTracker<OffsetRange, Long> tracker, OutputReceiver<Long> out)
                throws IOException {
            switch (rule) {
                case "throws" -> throw new IOException("the user's own");
                case "emits before it claims" -> out.output(1L);
                case "leaves something" -> {}
                case "keeps the rules" -> tracker.tryClaim(0L);
                default -> {
                    tracker.tryClaim(0L);
                    tracker.tryClaim(1L);
                    if (rule.equals("emits after a failed claim")) {
                        out.output(1L);
                    } else if (rule.equals("claims after a failed claim")) {
                        tracker.tryClaim(2L);
                    } else {
                        return ProcessContinuation.resume();
                    }
                }
            }
            return ProcessContinuation.stop();
        }
    }

    private static void run(String rule) {
        Pipeline pipeline = testPipeline();
        pipeline.apply(Create.of(rule)).apply(ParDo.of(new RuleBreaker()));
        pipeline.run();
    }

    @Test
    void aFailingSplittableDoFnFailsThePipelineWithTheUsersCause() {
        assertThatThrownBy(() -> run("throws"))
                .isInstanceOf(PipelineExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("the user's own");
    }

    @Test
    void whoBreaksTheRulesOfClaimingIsTold() {
        for (String rule : List.of(
                "emits before it claims",
                "leaves something",
                "emits after a failed claim",
                "claims after a failed claim",
                "resumes after a failed claim")) {
            assertThatThrownBy(() -> run(rule)).as(rule).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatWasSetUpIsTornDownAlsoAfterAFailure() {
        run("keeps the rules");
        assertThat(RuleBreaker.SET_UP.get()).isPositive();
        assertThat(RuleBreaker.TORN_DOWN).hasValue(RuleBreaker.SET_UP.get());

        assertThatThrownBy(() -> run("throws")).isInstanceOf(PipelineExecutionException.class);
        assertThat(RuleBreaker.TORN_DOWN).hasValue(RuleBreaker.SET_UP.get());
    }

    /** Claims without end and without rest; the second element ends at once. */
    @DoFn.UnboundedPerElement
    static final class Restless extends DoFn<Long, Long> {
        static volatile CountDownLatch secondSeen = new CountDownLatch(0);

        @GetInitialRestriction
        public OffsetRange all(@Element Long end) {
            return new OffsetRange(0, end);
        }

        @ProcessElement
        public void process(@Element Long end, RestrictionTracker<OffsetRange, Long> tracker) {
            long at = tracker.currentRestriction().getFrom();
            while (tracker.tryClaim(at)) {
                at++;
            }
            if (end == 1) {
                secondSeen.countDown();
            }
        }
    }

    @Test
    void aRestrictionWithoutEndGivesWayToOthersAndStopsAtOnceWhenCancelled() {
        Restless.secondSeen = new CountDownLatch(1);
        Pipeline pipeline = pipeline("--runner=TidemarkRunner", "--tidemarkParallelism=1");
        pipeline.apply(Create.of(Long.MAX_VALUE, 1L)).apply(ParDo.of(new Restless()));
        PipelineResult result = pipeline.run();
        assertThat(opens(Restless.secondSeen)).isTrue();

        long began = System.nanoTime();
        assertThat(cancel(result)).isEqualTo(PipelineResult.State.CANCELLED);
        assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.CANCELLED);

        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(threadsOf("tidemark-restless-worker")).isEmpty();
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static boolean opens(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts a test", e);
        }
    }

    private static PipelineResult.State cancel(PipelineResult result) {
        try {
            return result.cancel();
        } catch (IOException e) {
            throw new AssertionError("cancel does no I/O", e);
        }
    }

    private static void readBySplittableDoFns(Pipeline pipeline) {
        pipeline.getOptions().as(ExperimentalOptions.class).setExperiments(List.of("use_sdf_read"));
    }

    @Test
    void boundedReadsMayBeSplittableDoFnsToo() {
        for (String[] way : EVERY_WAY) {
            Pipeline pipeline = testPipeline(way);
            readBySplittableDoFns(pipeline);
            PAssert.thatSingleton(
                            pipeline.apply(GenerateSequence.from(0).to(1000)).apply(Count.globally()))
                    .isEqualTo(1000L);
            pipeline.run();
        }
    }

    @Test
    void unboundedReadsMayBeSplittableDoFnsToo() {
        AllSeen.seen = new CountDownLatch(20_000);
        Pipeline pipeline = pipeline("--runner=TidemarkRunner");
        readBySplittableDoFns(pipeline);
        pipeline.apply(GenerateSequence.from(0)).apply(ParDo.of(new AllSeen()));
        PipelineResult result = pipeline.run();

        assertThat(opens(AllSeen.seen)).isTrue();
        assertThat(cancel(result)).isEqualTo(PipelineResult.State.CANCELLED);
    }

    static final class AllSeen extends DoFn<Long, Long> {
        static volatile CountDownLatch seen = new CountDownLatch(0);

        @ProcessElement
        public void process() {
            seen.countDown();
        }
    }

    private static long traceOf(long seed) throws Exception {
        Pipeline pipeline = testPipeline("--tidemarkParallelism=3", "--jobName=traced");
        pipeline.apply(Create.of(50L, 60L)).apply(ParDo.of(new NumbersBelow())).apply(Count.perElement());
        RunOptions run = OptionsReader.read(pipeline.getOptions().as(TestTidemarkOptions.class));
        Job.SeededRun result = Job.runSeeded(Translation.plan(pipeline, run), run, seed);
        assertThat(result.job().failure()).isNull();
        return result.trace();
    }

    @Test
    void theRandomKeysOfRestrictionsDoNotEnterTheOrderOfASeed() throws Exception {
        assertThat(traceOf(1)).isEqualTo(traceOf(1));
    }
}
