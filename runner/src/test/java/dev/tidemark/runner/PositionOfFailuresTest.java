package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.WithTimestamps;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A failure says at which element it came about, by its position, and never what is in it. */
@Timeout(120)
class PositionOfFailuresTest {
    /** Each value in these tests has it: no failure's own words may. */
    private static final String SECRET = "canary";

    @TempDir
    private Path directory = Path.of("");

    private static Pipeline pipeline() {
        return Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=TidemarkRunner", "--tidemarkParallelism=1")
                .create());
    }

    /** What Tidemark says of the failure of the job, beside the cause. */
    private static String saidOf(Pipeline pipeline) {
        PipelineExecutionException thrown = Objects.requireNonNull(catchThrowableOfType(
                PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish()));
        assertThat(thrown).hasStackTraceContaining("on purpose");
        // Beside the cause where Beam has wrapped that, or on it.
        List<Throwable> said = Stream.of(thrown, thrown.getCause())
                .flatMap(each -> Stream.of(each.getSuppressed()))
                .toList();
        assertThat(said).hasSize(1);
        String message = String.valueOf(said.get(0).getMessage());
        assertThat(message).startsWith("TM-JOB-001").doesNotContain(SECRET).doesNotContain("\n");
        return message;
    }

    private static void failAt(boolean there) {
        if (there) {
            throw new IllegalStateException("on purpose");
        }
    }

    static final class FailsAt extends DoFn<Long, String> {
        private static final long serialVersionUID = 1L;

        private final long which;

        FailsAt(long which) {
            this.which = which;
        }

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<String> out) {
            failAt(n == which);
            out.output(SECRET + n);
        }
    }

    @Test
    void ofASourceTheRecordIsNamedByItsNumberInItsPart() {
        Pipeline pipeline = pipeline();
        pipeline.apply(GenerateSequence.from(0).to(100)).apply("pick", ParDo.of(new FailsAt(41)));
        assertThat(saidOf(pipeline))
                .contains("failed in step pick/ParMultiDo(FailsAt)")
                .endsWith("the last record read is number 42 of part 0 ([0, 100)) of"
                        + " GenerateSequence/Read(BoundedCountingSource)");
    }

    @Test
    void ofASourceWithoutEndToo() {
        Pipeline pipeline = pipeline();
        pipeline.apply(GenerateSequence.from(0).withTimestampFn(Instant::ofEpochMilli))
                .apply("pick", ParDo.of(new FailsAt(41)));
        assertThat(saidOf(pipeline))
                .contains("at an element of 1970-01-01T00:00:00.041Z; the last record read is number 42 of part 0 of");
    }

    static final class FailsAtLine extends DoFn<String, String> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element String line) {
            failAt(line.endsWith("17"));
        }
    }

    @Test
    void ofATextFileTheFileIsNamedAndTheLine() throws Exception {
        Path file = directory.resolve("lines.txt");
        Files.write(file, LongStream.range(0, 50).mapToObj(n -> SECRET + n).collect(Collectors.toList()));
        Pipeline pipeline = pipeline();
        pipeline.apply("read", TextIO.read().from(file.toString())).apply("parse", ParDo.of(new FailsAtLine()));
        assertThat(saidOf(pipeline))
                .contains("failed in step parse/ParMultiDo(FailsAtLine)")
                .contains("at an element without a time; ")
                .contains("the last record read is number 18 of part 0 (" + file + " range [0, ")
                .endsWith(" of read/Read");
    }

    /** Values of 0 to 99, each at its own second. */
    private static PCollection<Long> numbers(Pipeline pipeline) {
        return pipeline.apply(GenerateSequence.from(0).to(100))
                .apply(WithTimestamps.of(n -> Instant.ofEpochSecond(n)))
                .apply(Window.into(FixedWindows.of(Duration.standardSeconds(10))));
    }

    private static PCollection<KV<String, Long>> keyed(Pipeline pipeline) {
        return numbers(pipeline)
                .apply(WithKeys.<String, Long>of(n -> SECRET).withKeyType(TypeDescriptors.strings()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    }

    static final class FailsInWindow extends DoFn<KV<String, Iterable<Long>>, String> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Iterable<Long>> group) {
            for (Long n : group.getValue()) {
                failAt(n == 42);
            }
        }
    }

    @Test
    void behindAGroupByKeyItIsNamedByItsTimeAndWindow() {
        Pipeline pipeline = pipeline();
        keyed(pipeline).apply(GroupByKey.create()).apply("groups", ParDo.of(new FailsInWindow()));
        assertThat(saidOf(pipeline))
                .contains("failed in step groups/ParMultiDo(FailsInWindow)")
                .endsWith("at an element of 1970-01-01T00:00:49.999Z in window [1970-01-01T00:00:40.000Z,"
                        + " 1970-01-01T00:00:50.000Z)");
    }

    static final class FailsInTimer extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @TimerId("soon")
        private final TimerSpec spec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(@Element KV<String, Long> element, @TimerId("soon") Timer timer) {
            if (element.getValue() == 42) {
                timer.set(Instant.ofEpochSecond(45));
            }
        }

        @OnTimer("soon")
        public void fire() {
            failAt(true);
        }
    }

    @Test
    void aTimerIsNamedByItsTimeAndWindow() {
        Pipeline pipeline = pipeline();
        keyed(pipeline).apply("timers", ParDo.of(new FailsInTimer()));
        assertThat(saidOf(pipeline))
                .contains("failed in step timers/ParMultiDo(FailsInTimer)")
                .contains("at a timer of 1970-01-01T00:00:45.000Z in window [1970-01-01T00:00:40.000Z,");
    }

    static final class FailsAtTheEnd extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @TimerId("never")
        private final TimerSpec spec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process() {}

        @OnTimer("never")
        public void fire() {}

        @OnWindowExpiration
        public void end(BoundedWindow window) {
            failAt(window.maxTimestamp().isAfter(Instant.ofEpochSecond(60)));
        }
    }

    @Test
    void theEndOfAWindowIsNamedByTheWindow() {
        Pipeline pipeline = pipeline();
        keyed(pipeline).apply("ends", ParDo.of(new FailsAtTheEnd()));
        assertThat(saidOf(pipeline))
                .contains("at the end of window [1970-01-01T00:01:00.000Z, 1970-01-01T00:01:10.000Z)");
    }

    static final class FailingSum extends Combine.CombineFn<Long, Long, Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long createAccumulator() {
            return 0L;
        }

        @Override
        public Long addInput(Long sum, Long n) {
            failAt(n == 42);
            return sum + n;
        }

        @Override
        public Long mergeAccumulators(Iterable<Long> sums) {
            long sum = 0;
            for (Long each : sums) {
                sum += each;
            }
            return sum;
        }

        @Override
        public Long extractOutput(Long sum) {
            return sum;
        }
    }

    @Test
    void whatACombineFnTakesInIsNamed() {
        Pipeline pipeline = pipeline();
        TestStream<KV<String, Long>> events = TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .addElements(TimestampedValue.of(KV.of(SECRET, 1L), Instant.ofEpochSecond(3)))
                .addElements(TimestampedValue.of(KV.of(SECRET, 42L), Instant.ofEpochSecond(4)))
                .advanceWatermarkToInfinity();
        pipeline.apply(events)
                .apply(Window.into(FixedWindows.of(Duration.standardSeconds(10))))
                .apply("sum", Combine.perKey(new FailingSum()));
        assertThat(saidOf(pipeline))
                .contains("at an element of 1970-01-01T00:00:04.000Z in window [1970-01-01T00:00:00.000Z,");
    }

    static final class FailsInBundle extends DoFn<Long, Long> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process() {}

        @FinishBundle
        public void finish() {
            failAt(true);
        }
    }

    @Test
    void theEndOfABundleIsNoElement() {
        Pipeline pipeline = pipeline();
        pipeline.apply(Create.of(1L)).apply("bundles", ParDo.of(new FailsInBundle()));
        assertThat(saidOf(pipeline))
                .contains("failed in step bundles/ParMultiDo(FailsInBundle)")
                .contains("at the end of a bundle");
    }

    static final class FailsInRange extends DoFn<Long, String> {
        private static final long serialVersionUID = 1L;

        @GetInitialRestriction
        public OffsetRange all() {
            return new OffsetRange(0, 100);
        }

        @ProcessElement
        public void process(RestrictionTracker<OffsetRange, Long> tracker, OutputReceiver<String> out) {
            for (long n = 0; tracker.tryClaim(n); n++) {
                failAt(n == 42);
                out.output(SECRET + n);
            }
        }
    }

    @Test
    void ofASplittableDoFnRestrictionAndPositionAreNamed() {
        Pipeline pipeline = pipeline();
        pipeline.apply(Create.of(1L)).apply("ranges", ParDo.of(new FailsInRange()));
        assertThat(saidOf(pipeline)).endsWith("position 42 of restriction [0, 100)");
    }

    @Test
    void theNearestElementIsNamedWhereStepsCallEachOther() {
        Pipeline pipeline = pipeline();
        numbers(pipeline)
                .apply(MapElements.into(TypeDescriptors.longs()).via(n -> n))
                .apply("pick", ParDo.of(new FailsAt(42)));
        assertThat(saidOf(pipeline))
                .contains("at an element of 1970-01-01T00:00:42.000Z in window [1970-01-01T00:00:40.000Z,")
                .contains("; the last record read is number 43 of part 0 ([0, 100)) of GenerateSequence/");
    }
}
