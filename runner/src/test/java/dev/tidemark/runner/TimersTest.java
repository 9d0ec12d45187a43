package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.range.OffsetRange;
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
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TimersTest {
    /** Says at each element whether the timer has rung that each element sets for the time of its value. */
    static final class Ring extends DoFn<KV<String, Long>, String> {
        @StateId("rung")
        private final StateSpec<ValueState<Long>> spec = StateSpecs.value(VarLongCoder.of());

        @TimerId("bell")
        private final TimerSpec bell = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("rung") ValueState<Long> rung,
                @TimerId("bell") Timer timer,
                OutputReceiver<String> out) {
            Long times = rung.read();
            out.output(element.getValue() + ": rung " + (times == null ? 0 : times));
            timer.set(Instant.ofEpochMilli(element.getValue()));
        }

        @OnTimer("bell")
        public void ring(@StateId("rung") ValueState<Long> rung) {
            Long times = rung.read();
            rung.write((times == null ? 0 : times) + 1);
        }
    }

    /** As {@link Ring}, but only the first element sets the timer. */
    static final class RingOnce extends DoFn<KV<String, Long>, String> {
        @StateId("rung")
        private final StateSpec<ValueState<Long>> spec = StateSpecs.value(VarLongCoder.of());

        @TimerId("bell")
        private final TimerSpec bell = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("rung") ValueState<Long> rung,
                @TimerId("bell") Timer timer,
                OutputReceiver<String> out) {
            Long times = rung.read();
            out.output(element.getValue() + ": rung " + (times == null ? 0 : times));
            if (times == null) {
                rung.write(0L);
                timer.set(Instant.ofEpochMilli(element.getValue()));
            }
        }

        @OnTimer("bell")
        public void ring(@StateId("rung") ValueState<Long> rung) {
            rung.write(1L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=3", "--tidemarkSeed=5"})
    void aTimerThatIsSetForThePastRingsBeforeTheWatermarkRisesAgain(String way) {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", way)
                .as(TestTidemarkOptions.class));
        PAssert.that(pipeline.apply(TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                                .advanceWatermarkTo(Instant.ofEpochMilli(100))
                                .addElements(at(99))
                                .addElements(at(100))
                                .addElements(at(101))
                                .advanceWatermarkTo(Instant.ofEpochMilli(102))
                                .addElements(at(102))
                                .advanceWatermarkToInfinity())
                        .apply(ParDo.of(new Ring())))
                .containsInAnyOrder("99: rung 0", "100: rung 1", "101: rung 1", "102: rung 2");
        pipeline.run();
    }

    /** Passes its elements on, and holds the watermark at their time until the clock has moved. */
    static final class HoldForAWhile extends DoFn<KV<String, Long>, KV<String, Long>> {
        @TimerId("while")
        private final TimerSpec aWhile = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @TimerId("while") Timer timer,
                OutputReceiver<KV<String, Long>> out) {
            out.output(element);
            timer.offset(Duration.millis(1)).setRelative();
        }

        @OnTimer("while")
        public void over() {}
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=3", "--tidemarkSeed=5"})
    void whatTheClockMakesDueIsCompleteBeforeTheNextElementOfATestStream(String way) {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", way)
                .as(TestTidemarkOptions.class));
        PAssert.that(pipeline.apply(TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                                .addElements(at(60))
                                .advanceWatermarkTo(Instant.ofEpochMilli(100))
                                .addElements(at(200))
                                .advanceProcessingTime(Duration.millis(2))
                                .addElements(at(300))
                                .advanceWatermarkToInfinity())
                        .apply(ParDo.of(new HoldForAWhile()))
                        .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                        .apply(ParDo.of(new RingOnce())))
                .containsInAnyOrder("60: rung 0", "200: rung 0", "300: rung 1");
        pipeline.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=3"})
    void aJobEndsThoughATimerOfTheClockIsPendingInADoFnWithoutState(String way) {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", way)
                .as(TestTidemarkOptions.class));
        pipeline.apply(TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                        .addElements(at(1))
                        .advanceWatermarkToInfinity())
                .apply(ParDo.of(new HoldForAWhile()));

        assertThat(pipeline.run().getState()).isEqualTo(PipelineResult.State.DONE);
    }

    /** Passes its elements on, and the watermark only when a grouping behind it has had time for an early pane. */
    static final class GiveTimeForAnEarlyPane extends DoFn<Long, Long> {
        @GetInitialRestriction
        public OffsetRange restriction() {
            return new OffsetRange(0, 2);
        }

        @ProcessElement
        public ProcessContinuation process(
                @Element Long element, RestrictionTracker<OffsetRange, Long> tracker, OutputReceiver<Long> out) {
            boolean first = tracker.currentRestriction().getFrom() == 0;
            if (tracker.tryClaim(first ? 0L : 1L) && first) {
                out.output(element);
                return ProcessContinuation.resume().withResumeDelay(Duration.millis(50));
            }
            return ProcessContinuation.stop();
        }
    }

    /**
     * The second grouping gets an early pane of the first, and later its last one, which accumulates. With that comes the end: an
     * early pane of the second that counts both would come from looking at the clock before the watermark that is there.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void theClockFiresNothingThatAWatermarkWhichIsThereMakesNeedless(int parallelism, long seed) {
        Pipeline pipeline = seeded(parallelism, seed);
        PCollection<Long> sums = pipeline.apply(Create.of(42L))
                .apply(ParDo.of(new GiveTimeForAnEarlyPane()))
                .apply(Window.<Long>configure()
                        .triggering(Repeatedly.forever(
                                AfterProcessingTime.pastFirstElementInPane().plusDelayOf(Duration.millis(1))))
                        .withAllowedLateness(Duration.ZERO)
                        .accumulatingFiredPanes())
                .apply("first", Sum.longsGlobally().withoutDefaults())
                .apply("second", Sum.longsGlobally().withoutDefaults());
        PAssert.that(sums).inEarlyGlobalWindowPanes().containsInAnyOrder(42L);
        pipeline.run();
    }

    /**
     * Each key's sum comes at the end, from the task that has the key, and makes a timer of synchronized processing time due in the one
     * that adds them up: that must not fire before all have said that they have no more. So there is one pane, and it is the last.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatContinuesATriggerOfTheClockWaitsForAllTasksThatMayHaveFired(int parallelism, long seed) {
        Pipeline pipeline = seeded(parallelism, seed);
        PCollection<Long> sum = pipeline.apply(GenerateSequence.from(0).to(20))
                .apply(WithKeys.of((Long number) -> number % 10))
                .setCoder(KvCoder.of(VarLongCoder.of(), VarLongCoder.of()))
                .apply(Window.<KV<Long, Long>>configure()
                        .triggering(Repeatedly.forever(
                                AfterProcessingTime.pastFirstElementInPane().plusDelayOf(Duration.standardDays(1))))
                        .withAllowedLateness(Duration.ZERO)
                        .discardingFiredPanes())
                .apply("each", Sum.longsPerKey())
                .apply(Values.create())
                .apply("all", Sum.longsGlobally().withoutDefaults());
        PAssert.that(sum).inEarlyGlobalWindowPanes().empty();
        PAssert.that(sum).inOnTimePane(GlobalWindow.INSTANCE).containsInAnyOrder(190L);
        pipeline.run();
    }

    private static List<Arguments> seeds() {
        return Stream.of(1, 2, 4)
                .flatMap(parallelism -> LongStream.rangeClosed(1, 8).mapToObj(seed -> Arguments.of(parallelism, seed)))
                .toList();
    }

    private static Pipeline seeded(int parallelism, long seed) {
        return Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TestTidemarkRunner",
                        "--streaming=true",
                        "--tidemarkParallelism=" + parallelism,
                        "--tidemarkSeed=" + seed)
                .as(TestTidemarkOptions.class));
    }

    private static TimestampedValue<KV<String, Long>> at(long bell) {
        return TimestampedValue.of(KV.of("key", bell), Instant.ofEpochMilli(50));
    }
}
