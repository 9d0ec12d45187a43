package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
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
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What other runners got wrong when a job goes on from a checkpoint: each test names where that was told. All but the last are torn down
 * after every checkpoint, and there is one between any two events.
 */
@Timeout(120)
@Isolated("a DoFn of the last tells in a static field")
class LessonsOfOthersTest {
    private static final String ONE = "--tidemarkParallelism=1";
    private static final String THREE = "--tidemarkParallelism=3";
    private static final String SEEDED = "--tidemarkSeed=5";

    private static final KvCoder<String, Long> CODER = KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of());
    private static final long MANY = 700;
    private static final Queue<Long> TOLD = new ConcurrentLinkedQueue<>();
    private static final Queue<Long> READ = new ConcurrentLinkedQueue<>();

    private static Pipeline tornDown(String way) {
        return Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", way, "--tidemarkTornDownAfter=1")
                        .as(TestTidemarkOptions.class));
    }

    private static TimestampedValue<KV<String, Long>> at(long millis, String key) {
        return TimestampedValue.of(KV.of(key, millis), Instant.ofEpochMilli(millis));
    }

    /** BEAM-10691: with many timers at the same instant a job that was restored made no progress. */
    @ParameterizedTest
    @ValueSource(strings = {ONE, THREE, SEEDED})
    void timersOfManyKeysAtOneInstantAllRingOnceAfterARestart(String way) {
        Pipeline pipeline = tornDown(way);
        List<TimestampedValue<KV<String, Long>>> others =
                LongStream.range(1, MANY).mapToObj(i -> at(1, "k" + i)).toList();
        PCollection<String> rung = pipeline.apply(TestStream.create(CODER)
                        .addElements(at(1, "k0"), array(others))
                        .advanceWatermarkTo(Instant.ofEpochMilli(50))
                        .advanceWatermarkTo(Instant.ofEpochMilli(100))
                        .advanceWatermarkToInfinity())
                .apply(ParDo.of(new RingAt(100)));
        PAssert.that(rung)
                .containsInAnyOrder(
                        LongStream.range(0, MANY).mapToObj(i -> "k" + i).toList());
        pipeline.run();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of generics
    private static TimestampedValue<KV<String, Long>>[] array(List<TimestampedValue<KV<String, Long>>> values) {
        return values.toArray(new TimestampedValue[0]);
    }

    /** Tells its key when the watermark is at a certain time. */
    static final class RingAt extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;
        private final long millis;

        RingAt(long millis) {
            this.millis = millis;
        }

        @TimerId("bell")
        private final TimerSpec bell = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(@TimerId("bell") Timer timer) {
            timer.set(Instant.ofEpochMilli(millis));
        }

        @OnTimer("bell")
        public void ring(@Key String key, OutputReceiver<String> out) {
            out.output(key);
        }
    }

    /** BEAM-6678: the time at which a timer is to emit did not hold the watermark any more after a restart, so that what it emitted was late. */
    @ParameterizedTest
    @ValueSource(strings = {ONE, THREE, SEEDED})
    void whatATimerEmitsIsNotLateAfterARestartBecauseItHoldsTheWatermarkStill(String way) {
        Pipeline pipeline = tornDown(way);
        PCollection<KV<String, Long>> counted = pipeline.apply(TestStream.create(CODER)
                        .addElements(at(10, "a"), at(20, "b"))
                        .advanceWatermarkTo(Instant.ofEpochMilli(150))
                        .advanceWatermarkTo(Instant.ofEpochMilli(180))
                        .advanceWatermarkToInfinity())
                .apply(ParDo.of(new EmitLaterAsOfNow()))
                .apply(Window.into(FixedWindows.of(Duration.millis(50))))
                .apply(Count.perElement());
        PAssert.that(counted).containsInAnyOrder(List.of(KV.of("a", 1L), KV.of("b", 1L)));
        pipeline.run();
    }

    /** Emits when the watermark is at 200, with the time of the element. */
    static final class EmitLaterAsOfNow extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @TimerId("later")
        private final TimerSpec later = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(@Timestamp Instant time, @TimerId("later") Timer timer) {
            timer.withOutputTimestamp(time).set(Instant.ofEpochMilli(200));
        }

        @OnTimer("later")
        public void later(@Key String key, OutputReceiver<String> out) {
            out.output(key);
        }
    }

    /** BEAM-7112: the state of a window was removed before the timer at its end had rung. */
    @ParameterizedTest
    @ValueSource(strings = {ONE, THREE, SEEDED})
    void aTimerAtTheVeryEndOfItsWindowStillFindsItsStateAfterARestart(String way) {
        Pipeline pipeline = tornDown(way);
        PCollection<String> found = pipeline.apply(TestStream.create(CODER)
                        .addElements(at(10, "a"), at(110, "a"))
                        .advanceWatermarkTo(Instant.ofEpochMilli(99))
                        .advanceWatermarkTo(Instant.ofEpochMilli(100))
                        .advanceWatermarkToInfinity())
                .apply(Window.into(FixedWindows.of(Duration.millis(100))))
                .apply(ParDo.of(new RememberToTheEnd()));
        PAssert.that(found).containsInAnyOrder("at the end: 10", "expired: 10", "at the end: 110", "expired: 110");
        pipeline.run();
    }

    static final class RememberToTheEnd extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @StateId("seen")
        private final StateSpec<ValueState<Long>> spec = StateSpecs.value(VarLongCoder.of());

        @TimerId("end")
        private final TimerSpec end = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                BoundedWindow window,
                @StateId("seen") ValueState<Long> seen,
                @TimerId("end") Timer timer) {
            seen.write(element.getValue());
            timer.set(window.maxTimestamp());
        }

        @OnTimer("end")
        public void end(@StateId("seen") ValueState<Long> seen, OutputReceiver<String> out) {
            out.output("at the end: " + seen.read());
        }

        @OnWindowExpiration
        public void expired(@StateId("seen") ValueState<Long> seen, OutputReceiver<String> out) {
            out.output("expired: " + seen.read());
        }
    }

    /** Beam 39991: the watermark went past elements that waited for their checkpoint, and what came of them was late. */
    @ParameterizedTest
    @ValueSource(strings = {ONE, THREE, SEEDED})
    void elementsThatWaitForTheirCheckpointAreNotLateThereafter(String way) {
        Pipeline pipeline = tornDown(way);
        TestStream.Builder<KV<String, Long>> stream = TestStream.create(CODER);
        List<KV<String, Long>> expected = new ArrayList<>();
        for (long millis = 10; millis < 100; millis += 10) {
            // In time, and its window is over right behind it.
            stream = stream.addElements(at(millis, "k" + millis)).advanceWatermarkTo(Instant.ofEpochMilli(millis + 10));
            expected.add(KV.of("k" + millis, 1L));
        }
        PCollection<KV<String, Long>> counted = pipeline.apply(stream.advanceWatermarkToInfinity())
                .apply(ParDo.of(new OnceStable()))
                .apply(Window.into(FixedWindows.of(Duration.millis(10))))
                .apply(Count.perElement());
        PAssert.that(counted).containsInAnyOrder(expected);
        pipeline.run();
    }

    static final class OnceStable extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @RequiresStableInput
        @ProcessElement
        public void process(@Element KV<String, Long> element, OutputReceiver<String> out) {
            out.output(element.getKey());
        }
    }

    /** Beam 28554: what waited to be stable was lost, or waited for ever, when the job was drained. */
    @Test
    void whatWaitsToBeStableIsLetThroughWhenTheJobIsDrained(@TempDir Path directory) {
        TOLD.clear();
        READ.clear();
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner",
                        "--jobName=drained",
                        "--tidemarkStateDir=" + directory,
                        "--tidemarkCheckpointInterval=50ms")
                .create());
        pipeline.apply(GenerateSequence.from(0).withRate(5, Duration.millis(1)))
                .apply("read", ParDo.of(new ReadFn()))
                .apply("told", ParDo.of(new TellStable()));
        TidemarkResult job = (TidemarkResult) pipeline.run();
        while (TOLD.size() < MANY) {
            Thread.onSpinWait();
        }
        job.drain();
        assertThat(job.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);

        assertThat(READ).hasSizeGreaterThan((int) MANY);
        assertThat(TOLD).containsExactlyInAnyOrderElementsOf(READ);
    }

    static final class ReadFn extends DoFn<Long, Long> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<Long> out) {
            READ.add(n);
            out.output(n);
        }
    }

    static final class TellStable extends DoFn<Long, Void> {
        private static final long serialVersionUID = 1L;

        @RequiresStableInput
        @ProcessElement
        public void process(@Element Long n) {
            TOLD.add(n);
        }
    }

    /** Beam 30903: what a restored job had begun with was there once more, so that everything was done twice. */
    @ParameterizedTest
    @ValueSource(strings = {ONE, THREE, SEEDED})
    void whatAJobBeginsWithIsThereOnceHoweverOftenItIsRestored(String way) {
        Pipeline pipeline = tornDown(way);
        PCollection<KV<Long, Long>> counted = pipeline.apply(
                        GenerateSequence.from(0).to(MANY).withRate(100, Duration.millis(1)))
                .apply(Window.into(FixedWindows.of(Duration.standardDays(36_500))))
                .apply(Count.perElement());
        PAssert.that(counted)
                .containsInAnyOrder(
                        LongStream.range(0, MANY).mapToObj(i -> KV.of(i, 1L)).toList());
        PCollection<KV<String, Long>> once =
                pipeline.apply(Create.of("one", "two", "one")).apply("once", Count.perElement());
        PAssert.that(once).containsInAnyOrder(List.of(KV.of("one", 2L), KV.of("two", 1L)));
        pipeline.run();
    }
}
