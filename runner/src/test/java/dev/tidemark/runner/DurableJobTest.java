package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.TruncateResult;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs with a state directory: what the next run finds of the one before. */
@Isolated("its DoFns count in static fields")
class DurableJobTest {
    private static final long NUMBERS = 2_000;
    private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
    private static final AtomicLong SEEN = new AtomicLong();

    private Path directory = Path.of("");

    @BeforeEach
    void forget(@TempDir Path ofTest) {
        directory = ofTest;
        LINES.clear();
        FAILURES_LEFT.set(0);
        SEEN.set(0);
    }

    @Test
    void aJobThatHasEndedHasNothingMoreToDoWhenItIsStartedAgain() {
        run("count");
        assertThat(LINES).containsExactly("2000");
        LINES.clear();

        assertThat(run("count")).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES).isEmpty();
    }

    @Test
    void withRestoreNoneAJobBeginsAnew() {
        run("count");
        LINES.clear();

        run("count", "--tidemarkRestore=none");
        assertThat(LINES).containsExactly("2000");
    }

    @Test
    void aJobThatFailsGoesOnFromItsLastCheckpointAsOftenAsItMay() {
        FAILURES_LEFT.set(3);
        assertThat(run("count", "--tidemarkMaxRestarts=3")).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES).containsExactly("2000");
    }

    @Test
    void aJobThatHasFailedTooOftenFailsAndTheNextRunGoesOnFromWhatItHad() {
        FAILURES_LEFT.set(2);
        assertThatThrownBy(() -> run("count", "--tidemarkMaxRestarts=1"))
                .isInstanceOf(Pipeline.PipelineExecutionException.class)
                .hasMessageContaining("on purpose");

        run("count");
        assertThat(LINES).containsExactly("2000");
    }

    @Test
    void stateThatThePipelineHasNoPlaceForIsNotLeftBehindUnasked() {
        FAILURES_LEFT.set(1);
        assertThatThrownBy(() -> run("count")).hasMessageContaining("on purpose");

        assertThatThrownBy(() -> run("renamed"))
                .hasStackTraceContaining("TM-STATE-001")
                .hasStackTraceContaining("count/ParMultiDo(CountToTheLast)");
        assertThat(LINES).isEmpty();

        // Nothing was lost by trying.
        run("count");
        assertThat(LINES).containsExactly("2000");
    }

    @Test
    void stateThatThePipelineHasNoPlaceForIsLeftBehindWhereAsked() {
        FAILURES_LEFT.set(1);
        assertThatThrownBy(() -> run("count")).hasMessageContaining("on purpose");

        assertThat(run("renamed", "--tidemarkAllowNonRestoredState=true")).isEqualTo(PipelineResult.State.DONE);
        // What was counted under the old name stays there.
        assertThat(Long.parseLong(LINES.remove())).isBetween(1L, NUMBERS - 1);
    }

    @Test
    void aJobThatIsStoppedGoesOnRightThereAndDoesNothingTwice() {
        TidemarkResult first = counting("count");
        awaitSeen(NUMBERS / 10);
        assertThat(first.stop()).isEqualTo(PipelineResult.State.CANCELLED);
        long seen = SEEN.get();
        assertThat(seen).isLessThan(NUMBERS);

        assertThat(run("count")).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES).containsExactly("2000");
        // Not one of them was processed in both.
        assertThat(SEEN.get()).isEqualTo(NUMBERS);
    }

    @Test
    void aSavepointOutlivesTheJobItWasMadeOf() {
        TidemarkResult first = counting("count");
        awaitSeen(NUMBERS / 10);
        String own = first.savepoint();
        String chosen = first.savepoint(directory.resolve("chosen").toString());
        assertThat(own).startsWith(directory.resolve("state").toString()).contains("savepoints");
        assertThat(chosen).isEqualTo(directory.resolve("chosen").toString());
        first.waitUntilFinish();
        assertThat(LINES).containsExactly("2000");
        LINES.clear();

        for (String each : List.of(own, chosen)) {
            SEEN.set(0);
            assertThat(run("count", "--tidemarkRestore=" + each)).isEqualTo(PipelineResult.State.DONE);
            assertThat(LINES).containsExactly("2000");
            assertThat(SEEN.get()).isBetween(1L, NUMBERS - NUMBERS / 10);
            LINES.clear();
        }
    }

    @Test
    void whereASavepointCannotBeMadeTheJobIsToldAndGoesOn() throws IOException {
        TidemarkResult job = counting("count");
        awaitSeen(1);
        Path there = Files.createDirectory(directory.resolve("there"));
        assertThatThrownBy(() -> job.savepoint(there.toString()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("TM-STORE-012")
                .hasMessageContaining("exists already");
        assertThat(job.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES).containsExactly("2000");
        assertThatThrownBy(job::savepoint)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("TM-JOB-008");
    }

    @Test
    void aJobWithoutANameHasNothingToMakeASavepointOf() {
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TidemarkRunner").create());
        pipeline.apply(GenerateSequence.from(0));
        TidemarkResult job = (TidemarkResult) pipeline.run();
        try {
            assertThatThrownBy(job::savepoint)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("TM-JOB-009");
        } finally {
            assertThat(job.stop()).isEqualTo(PipelineResult.State.CANCELLED);
        }
    }

    @Test
    void aJobThatIsDrainedClosesItsWindowsAndHasNothingMoreToDoWhenItIsStartedAgain() {
        TidemarkResult first = drainable();
        awaitSeen(100);
        assertThat(LINES).isEmpty();
        first.drain();
        assertThat(first.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);

        long drained = SEEN.get();
        assertThat(LINES).containsExactly(String.valueOf(drained));
        LINES.clear();

        assertThat(drainable().waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(SEEN.get()).isEqualTo(drained);
        assertThat(LINES).isEmpty();
    }

    /** Counts numbers without end in one window that lasts for ever, and tells how many there were when that closes. */
    private TidemarkResult drainable() {
        Pipeline pipeline = pipeline();
        pipeline.apply("numbers", GenerateSequence.from(0).withRate(10, Duration.millis(2)))
                .apply("see", ParDo.of(new See()))
                .apply("long", Window.into(FixedWindows.of(Duration.standardDays(36_500))))
                .apply("count", Combine.globally(Count.<Long>combineFn()).withoutDefaults())
                .apply("tell", ParDo.of(new TellCount()));
        return (TidemarkResult) pipeline.run();
    }

    @Test
    void aRestrictionWithoutEndIsTruncatedWhenTheJobIsDrained() {
        Pipeline pipeline = pipeline();
        pipeline.apply("once", Create.of(0L, 7L)).apply("polls", ParDo.of(new Polls()));
        TidemarkResult job = (TidemarkResult) pipeline.run();
        awaitSeen(3);
        job.drain();
        assertThat(job.waitUntilFinish(Duration.standardSeconds(30))).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES).containsExactlyInAnyOrder("truncated 0", "truncated 7");
    }

    /** Looks whether there is anything, an hour later again, for ever. */
    @DoFn.UnboundedPerElement
    static final class Polls extends DoFn<Long, Void> {
        private static final long serialVersionUID = 1L;

        @GetInitialRestriction
        public OffsetRange restriction(@Element Long n) {
            return new OffsetRange(n, Long.MAX_VALUE);
        }

        @ProcessElement
        public ProcessContinuation process(@Element Long n, RestrictionTracker<OffsetRange, Long> tracker) {
            SEEN.addAndGet(2);
            return tracker.tryClaim(tracker.currentRestriction().getFrom())
                    ? ProcessContinuation.resume().withResumeDelay(Duration.standardHours(1))
                    : ProcessContinuation.stop();
        }

        @TruncateRestriction
        public @Nullable TruncateResult<OffsetRange> truncate(@Element Long n) {
            LINES.add("truncated " + n);
            return null;
        }
    }

    static final class See extends DoFn<Long, Long> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<Long> out) {
            SEEN.incrementAndGet();
            out.output(n);
        }
    }

    static final class TellCount extends DoFn<Long, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n) {
            LINES.add(String.valueOf(n));
        }
    }

    private static void awaitSeen(long numbers) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (SEEN.get() < numbers) {
            assertThat(System.nanoTime())
                    .as("%s of %s seen in 20 s", SEEN, numbers)
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void stateThatWasWrittenInAnotherFormIsRefusedWithOldAndNew() {
        FAILURES_LEFT.set(1);
        assertThatThrownBy(() -> run("count")).hasMessageContaining("on purpose");

        Pipeline changed = pipeline();
        changed.apply("numbers", GenerateSequence.from(0).to(NUMBERS))
                .apply("key", ParDo.of(new ToOneKey()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("count", ParDo.of(new OtherForm.CountToTheLast()));
        assertThatThrownBy(changed::run)
                .hasStackTraceContaining("TM-STATE-002")
                .hasStackTraceContaining("count/ParMultiDo(CountToTheLast)")
                .hasStackTraceContaining("its state count was VALUE VarLongCoder and is BAG VarLongCoder");

        // Nothing was lost by trying.
        run("count");
        assertThat(LINES).containsExactly("2000");
    }

    /** Another DoFn of the same name. */
    static final class OtherForm {
        static final class CountToTheLast extends DoFn<KV<String, Long>, Void> {
            private static final long serialVersionUID = 1L;

            @StateId("count")
            private final StateSpec<BagState<Long>> countSpec = StateSpecs.bag(VarLongCoder.of());

            @ProcessElement
            public void process(@Element KV<String, Long> element, @StateId("count") BagState<Long> count) {
                count.add(element.getValue());
            }
        }
    }

    @Test
    void aDoFnThatRequiresStableInputSeesTheSameEachTimeThatItIsTried() {
        FAILURES_LEFT.set(2);
        Pipeline pipeline = pipeline("--tidemarkMaxRestarts=2");
        pipeline.apply("numbers", GenerateSequence.from(0).to(NUMBERS).withRate(10, Duration.millis(2)))
                .apply("drawn", ParDo.of(new Draw()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("spread", Reshuffle.of())
                .apply("told", ParDo.of(new Tell()));
        pipeline.run().waitUntilFinish();

        Map<String, String> drawnOf = new HashMap<>();
        Set<String> changed = new TreeSet<>();
        for (String line : LINES) {
            String[] parts = line.split(" ", -1);
            String before = drawnOf.put(parts[0], parts[1]);
            if (before != null && !before.equals(parts[1])) {
                changed.add(parts[0]);
            }
        }
        assertThat(drawnOf).hasSize((int) NUMBERS);
        // Else nothing was tried again, and this says nothing.
        assertThat(LINES).hasSizeGreaterThan((int) NUMBERS);
        assertThat(changed).isEmpty();
    }

    /** The interval of a test's clock, which stands still after its last event, or of an hour, would never pass. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsOnlyToBeStableWhenAllInputHasComeDoesNotWaitForTheNextCheckpoint(boolean inTest) {
        Pipeline pipeline = pipelineEvery("1h");
        PCollection<KV<String, Long>> keyed = pipeline.apply(
                        "numbers",
                        inTest
                                ? TestStream.create(VarLongCoder.of())
                                        .addElements(1L, 2L)
                                        .advanceWatermarkToInfinity()
                                : Create.of(1L, 2L))
                .apply("each its own key", ParDo.of(new ToOwnKey()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
        keyed.apply("spread", Reshuffle.of()).apply("told", ParDo.of(new TellStable()));
        keyed.apply("told later", ParDo.of(new TellLater()));
        PipelineResult job = pipeline.run();

        assertThat(job.waitUntilFinish(Duration.standardSeconds(60))).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES.stream()
                        .map(line -> line.substring(0, line.indexOf(' ')))
                        .toList())
                .containsExactlyInAnyOrder("1", "1", "2", "2");
    }

    static final class TellStable extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @RequiresStableInput
        @ProcessElement
        public void process(@Element KV<String, Long> element) {
            LINES.add(element.getKey() + " stable");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTimerThatRequiresStableInputIsTheSameEachTimeThatItIsTried(boolean byTheClock) throws IOException {
        FAILURES_LEFT.set(2);
        Pipeline pipeline = pipeline("--tidemarkMaxRestarts=2");
        pipeline.apply("numbers", GenerateSequence.from(0).withRate(10, Duration.millis(2)))
                .apply("each its own key", ParDo.of(new ToOwnKey()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("told later", byTheClock ? ParDo.of(new TellLaterByTheClock()) : ParDo.of(new TellLater()));
        PipelineResult job = pipeline.run();
        long end = System.nanoTime() + 20_000_000_000L;
        // The second half of the numbers fails twice: then some are told again.
        while (FAILURES_LEFT.get() > 0 || LINES.size() < 2 * NUMBERS) {
            assertThat(System.nanoTime()).as("%s told in 20 s", LINES.size()).isLessThan(end);
            Thread.onSpinWait();
        }
        job.cancel();

        Map<String, String> drawnOf = new HashMap<>();
        Set<String> changed = new TreeSet<>();
        for (String line : LINES) {
            String[] parts = line.split(" ", -1);
            String before = drawnOf.put(parts[0], parts[1]);
            if (before != null && !before.equals(parts[1])) {
                changed.add(parts[0]);
            }
        }
        // Else nothing was tried again, and this says nothing.
        assertThat(LINES).hasSizeGreaterThan(drawnOf.size());
        assertThat(changed).isEmpty();
    }

    static final class ToOwnKey extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of(String.valueOf(n), n));
        }
    }

    /** Draws something for each number, and tells what it drew in a timer: that may happen more than once, but not with another. */
    static final class TellLater extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @StateId("drawn")
        private final StateSpec<ValueState<String>> drawnSpec = StateSpecs.value(StringUtf8Coder.of());

        @TimerId("tell")
        private final TimerSpec tellSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @Timestamp Instant time,
                @StateId("drawn") ValueState<String> drawn,
                @TimerId("tell") Timer tell) {
            drawn.write(element.getKey() + " " + UUID.randomUUID());
            tell.set(time);
        }

        @OnTimer("tell")
        @RequiresStableInput
        public void tell(@StateId("drawn") ValueState<String> drawn) {
            say(drawn.read());
        }

        static void say(String line) {
            LINES.add(line);
            if (Long.parseLong(line.substring(0, line.indexOf(' '))) >= NUMBERS / 2
                    && FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    /** As {@link TellLater}, by the wall clock. */
    static final class TellLaterByTheClock extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @StateId("drawn")
        private final StateSpec<ValueState<String>> drawnSpec = StateSpecs.value(StringUtf8Coder.of());

        @TimerId("tell")
        private final TimerSpec tellSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("drawn") ValueState<String> drawn,
                @TimerId("tell") Timer tell) {
            drawn.write(element.getKey() + " " + UUID.randomUUID());
            tell.offset(Duration.millis(1)).setRelative();
        }

        @OnTimer("tell")
        @RequiresStableInput
        public void tell(@StateId("drawn") ValueState<String> drawn) {
            TellLater.say(drawn.read());
        }
    }

    /** Gives each number something that is another each time. */
    static final class Draw extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of(UUID.randomUUID().toString(), n));
        }
    }

    static final class Tell extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @RequiresStableInput
        @ProcessElement
        public void process(@Element KV<String, Long> drawn) {
            LINES.add(drawn.getValue() + " " + drawn.getKey());
            if (drawn.getValue() >= NUMBERS / 2 && FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("on purpose");
            }
        }
    }

    private Pipeline pipeline(String... more) {
        return pipelineEvery("20ms", more);
    }

    private Pipeline pipelineEvery(String interval, String... more) {
        String[] options = new String[more.length + 4];
        options[0] = "--runner=TidemarkRunner";
        options[1] = "--jobName=counted";
        options[2] = "--tidemarkStateDir=" + directory.resolve("state");
        options[3] = "--tidemarkCheckpointInterval=" + interval;
        System.arraycopy(more, 0, options, 4, more.length);
        return Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
    }

    private PipelineResult.State run(String step, String... more) {
        return counting(step, more).waitUntilFinish();
    }

    private TidemarkResult counting(String step, String... more) {
        Pipeline pipeline = pipeline(more);
        pipeline.apply("numbers", GenerateSequence.from(0).to(NUMBERS).withRate(10, Duration.millis(2)))
                .apply("key", ParDo.of(new ToOneKey()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply(step, ParDo.of(new CountToTheLast()));
        return (TidemarkResult) pipeline.run();
    }

    static final class ToOneKey extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            SEEN.incrementAndGet();
            out.output(KV.of("all", n));
        }
    }

    static final class CountToTheLast extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @StateId("count")
        private final StateSpec<ValueState<Long>> countSpec = StateSpecs.value(VarLongCoder.of());

        @ProcessElement
        public void process(@Element KV<String, Long> element, @StateId("count") ValueState<Long> count) {
            Long before = count.read();
            count.write(before == null ? 1 : before + 1);
            // In the middle, when there have been checkpoints.
            if (element.getValue() >= NUMBERS / 2 && FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("on purpose");
            }
        }

        @OnWindowExpiration
        public void end(@StateId("count") ValueState<Long> count) {
            LINES.add(Long.toString(count.read()));
        }
    }
}
