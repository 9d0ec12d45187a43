package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Jobs with a state directory: what the next run finds of the one before. */
@Isolated("its DoFns count in static fields")
class DurableJobTest {
    private static final long NUMBERS = 2_000;
    private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

    private Path directory = Path.of("");

    @BeforeEach
    void forget(@TempDir Path ofTest) {
        directory = ofTest;
        LINES.clear();
        FAILURES_LEFT.set(0);
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
                .hasStackTraceContaining("count/ParMultiDo(Count)");
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
        String[] options = new String[more.length + 4];
        options[0] = "--runner=TidemarkRunner";
        options[1] = "--jobName=counted";
        options[2] = "--tidemarkStateDir=" + directory.resolve("state");
        options[3] = "--tidemarkCheckpointInterval=20ms";
        System.arraycopy(more, 0, options, 4, more.length);
        return Pipeline.create(PipelineOptionsFactory.fromArgs(options).create());
    }

    private PipelineResult.State run(String step, String... more) {
        Pipeline pipeline = pipeline(more);
        pipeline.apply("numbers", GenerateSequence.from(0).to(NUMBERS).withRate(10, Duration.millis(2)))
                .apply("key", ParDo.of(new ToOneKey()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply(step, ParDo.of(new Count()));
        return pipeline.run().waitUntilFinish();
    }

    static final class ToOneKey extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of("all", n));
        }
    }

    static final class Count extends DoFn<KV<String, Long>, Void> {
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
