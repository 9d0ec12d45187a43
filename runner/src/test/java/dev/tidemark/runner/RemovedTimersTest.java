package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerMap;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What becomes of pending timers of which the DoFn that goes on knows nothing. */
@Isolated("its DoFns count in static fields")
class RemovedTimersTest {
    private static final AtomicLong SEEN = new AtomicLong();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void forget() {
        SEEN.set(0);
    }

    /** Sets timers that are due long after. */
    static final class WithTimers {
        static final class Count extends DoFn<KV<String, Long>, Void> {
            private static final long serialVersionUID = 1L;

            @StateId("count")
            private final StateSpec<ValueState<Long>> countSpec = StateSpecs.value();

            @TimerId("single")
            private final TimerSpec singleSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

            @TimerFamily("many")
            @SuppressWarnings("UnusedVariable") // Beam reads it
            private final TimerSpec manySpec = TimerSpecs.timerMap(TimeDomain.EVENT_TIME);

            @ProcessElement
            public void process(
                    @StateId("count") ValueState<Long> count,
                    @TimerId("single") Timer single,
                    @TimerFamily("many") TimerMap many) {
                Long before = count.read();
                count.write(before == null ? 1 : before + 1);
                single.offset(Duration.standardDays(365)).setRelative();
                many.set("first", Instant.parse("2200-01-01T00:00:00Z"));
                many.set("second", Instant.parse("2200-01-02T00:00:00Z"));
                SEEN.incrementAndGet();
            }

            @OnTimer("single")
            public void single() {}

            @OnTimerFamily("many")
            public void many() {}
        }
    }

    /** The same without the timers. */
    static final class WithoutTimers {
        static final class Count extends DoFn<KV<String, Long>, Void> {
            private static final long serialVersionUID = 1L;

            @StateId("count")
            private final StateSpec<ValueState<Long>> countSpec = StateSpecs.value();

            @ProcessElement
            public void process(@StateId("count") ValueState<Long> count) {
                Long before = count.read();
                count.write(before == null ? 1 : before + 1);
                SEEN.set(before == null ? 1 : before + 1);
            }
        }
    }

    private TidemarkResult start(DoFn<KV<String, Long>, Void> fn, String... more) {
        String[] options = new String[more.length + 4];
        options[0] = "--runner=TidemarkRunner";
        options[1] = "--jobName=removed-timers";
        options[2] = "--tidemarkStateDir=" + directory.resolve("state");
        options[3] = "--tidemarkCheckpointInterval=50ms";
        System.arraycopy(more, 0, options, 4, more.length);
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
        pipeline.apply("numbers", GenerateSequence.from(0).withRate(1, Duration.millis(1)))
                .apply("key", WithKeys.<String, Long>of("key").withKeyType(TypeDescriptors.strings()))
                .apply("count", ParDo.of(fn));
        return (TidemarkResult) pipeline.run();
    }

    private static void awaitMoreThan(long seen) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (SEEN.get() <= seen) {
            assertThat(System.nanoTime())
                    .as("more than %s seen in 20 s, not %s", seen, SEEN)
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void pendingTimersThatNothingAnswersToAreNamedAndLeftBehindOnlyWhereAsked() {
        TidemarkResult first = start(new WithTimers.Count());
        awaitMoreThan(10);
        String savepoint = first.savepoint();
        assertThat(first.stop()).isEqualTo(PipelineResult.State.CANCELLED);
        long before = SEEN.get();

        assertThatThrownBy(() -> start(new WithoutTimers.Count()).waitUntilFinish())
                .hasStackTraceContaining("TM-STATE-001")
                .hasStackTraceContaining("count/ParMultiDo(Count), timer family many")
                .hasStackTraceContaining("count/ParMultiDo(Count), timer single");
        assertThat(SEEN.get()).isEqualTo(before);

        TidemarkResult second = start(new WithoutTimers.Count(), "--tidemarkAllowNonRestoredState=true");
        awaitMoreThan(before + 10);
        assertThat(second.stop()).isEqualTo(PipelineResult.State.CANCELLED);
        long after = SEEN.get();

        // They are gone for good: there is nothing that would have to be left behind again.
        TidemarkResult third = start(new WithoutTimers.Count());
        awaitMoreThan(after + 10);
        assertThat(third.stop()).isEqualTo(PipelineResult.State.CANCELLED);

        // From before, with the timers that were pending then, the first one still goes on.
        SEEN.set(0);
        TidemarkResult again = start(new WithTimers.Count(), "--tidemarkRestore=" + savepoint);
        awaitMoreThan(10);
        assertThat(again.stop()).isEqualTo(PipelineResult.State.CANCELLED);
    }
}
