package dev.tidemark.runner.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.runner.TidemarkResult;
import dev.tidemark.runner.store.SavedState;
import dev.tidemark.runner.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.MapState;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.state.SetState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a job that was stopped has left is there to be read, without its classes where its coders are Beam's. */
@Isolated("its DoFn counts in a static field")
class SavedJobTest {
    private static final AtomicLong SEEN = new AtomicLong();
    private static final String STEP = "StatefulParDo remember/ParMultiDo(Remember)";

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void stopAJobInTheMiddle() {
        SEEN.set(0);
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner", "--jobName=kept", "--tidemarkStateDir=" + directory)
                .create());
        pipeline.apply(GenerateSequence.from(0).withRate(10, Duration.millis(1)))
                .apply("key", ParDo.of(new ToKeys()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("remember", ParDo.of(new Remember()));
        TidemarkResult job = (TidemarkResult) pipeline.run();
        long end = System.nanoTime() + 20_000_000_000L;
        while (SEEN.get() < 100) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
        job.stop();
    }

    private SavedJob open() throws StoreException {
        return new SavedJob(SavedState.ofJob(directory.toString(), "kept"), (words, layouts) -> null);
    }

    @Test
    void everyKindOfStateIsDecoded() throws StoreException {
        Map<String, SavedCell> ofOdd = new LinkedHashMap<>();
        try (SavedJob job = open()) {
            job.cells(STEP, cell -> {
                assertThat(cell.window()).contains("GlobalWindow");
                if (cell.key() instanceof String key && key.equals("odd")) {
                    ofOdd.put(cell.name(), cell);
                }
            });
        }
        assertThat(ofOdd).containsOnlyKeys("last", "first", "seen", "names", "timed", "opaque");
        assertThat(of(ofOdd, "last").kind()).isEqualTo("VALUE");
        assertThat(of(ofOdd, "last").value())
                .isInstanceOfSatisfying(Long.class, last -> assertThat(last % 2).isEqualTo(1));
        assertThat(of(ofOdd, "first").value()).isEqualTo(List.of(1L, 3L, 5L));
        assertThat(of(ofOdd, "seen").value()).isEqualTo(List.of(1L, 3L, 5L));
        assertThat(of(ofOdd, "names").value()).isEqualTo(Map.of("n1", 1L, "n3", 3L, "n5", 5L));
        assertThat(of(ofOdd, "timed").value())
                .isEqualTo(List.of(
                        "1970-01-01T00:00:00.001Z 1", "1970-01-01T00:00:00.003Z 3", "1970-01-01T00:00:00.005Z 5"));
        // Java's serialization is nobody's business but the pipeline's.
        assertThat(String.valueOf(of(ofOdd, "opaque").value())).startsWith("0xaced");
    }

    private static SavedCell of(Map<String, SavedCell> cells, String name) {
        SavedCell cell = cells.get(name);
        if (cell == null) {
            throw new AssertionError("no state " + name + " in " + cells.keySet());
        }
        return cell;
    }

    @Test
    void timersAreShownWithWhenTheyAreDue() throws StoreException {
        List<SavedTimer> timers = new ArrayList<>();
        try (SavedJob job = open()) {
            job.timers(STEP, timers::add);
        }
        assertThat(timers)
                .extracting(SavedTimer::key, SavedTimer::name, SavedTimer::domain, SavedTimer::millis)
                .contains(tuple("odd", "late", "EVENT_TIME", 4_102_444_800_000L));
    }

    @Test
    void aCoderThatIsNotBeamsIsAskedOfWhoeverKnowsIt() throws StoreException {
        List<@Nullable Object> values = new ArrayList<>();
        Coder<?> known = SerializableCoder.of(StringBuilder.class);
        try (SavedJob job = new SavedJob(
                SavedState.ofJob(directory.toString(), "kept"),
                (words, layouts) -> words.equals("SerializableCoder(java.lang.StringBuilder)") ? known : null)) {
            job.cells(STEP, cell -> {
                if (cell.name().equals("opaque")) {
                    values.add(String.valueOf(cell.value()));
                }
            });
        }
        assertThat(values).contains("built");
    }

    @Test
    void stepsTellTheirFormAndHowMuchTheyKeep() throws StoreException {
        try (SavedJob job = open()) {
            SavedStep step = job.steps().stream()
                    .filter(each -> each.name().equals(STEP))
                    .findFirst()
                    .orElseThrow();
            assertThat(step.form())
                    .containsEntry("key", "StringUtf8Coder")
                    .containsEntry("state names", "MAP StringUtf8Coder to VarLongCoder");
            assertThat(step.volumes().keySet()).contains("cell", "timer");
            assertThat(step.volumes().values()).allMatch(volume -> volume.rows() > 0 && volume.bytes() > volume.rows());
        }
    }

    @Test
    void whoAsksForWhatIsNotThereIsToldWhatIs() {
        assertThatThrownBy(() -> SavedState.ofJob(directory.toString(), "other"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("TM-STORE-015")
                .hasMessageContaining("These have: kept.");
        assertThatThrownBy(() -> SavedState.ofCopy(directory.toString(), "kept", "77"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("TM-STORE-015")
                .hasMessageContaining("epoch 77");
    }

    @Test
    void nobodyLooksIntoAStateThatIsInUse() throws StoreException {
        try (SavedJob first = open()) {
            assertThat(first.epoch()).isPositive();
            assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageStartingWith("TM-STORE-002");
        }
    }

    @Test
    void aJobsStateIsRemovedWhole() throws StoreException {
        SavedState.remove(directory.toString(), "kept");
        assertThat(SavedState.jobs(directory.toString())).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    static final class ToKeys extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            out.output(KV.of(n % 2 == 0 ? "even" : "odd", n));
        }
    }

    /** Something in every kind of state; of the first few numbers only, but for the last. */
    static final class Remember extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @StateId("last")
        private final StateSpec<ValueState<Long>> lastSpec = StateSpecs.value(VarLongCoder.of());

        @StateId("first")
        private final StateSpec<BagState<Long>> firstSpec = StateSpecs.bag(VarLongCoder.of());

        @StateId("seen")
        private final StateSpec<SetState<Long>> seenSpec = StateSpecs.set(VarLongCoder.of());

        @StateId("names")
        private final StateSpec<MapState<String, Long>> namesSpec =
                StateSpecs.map(StringUtf8Coder.of(), VarLongCoder.of());

        @StateId("timed")
        private final StateSpec<OrderedListState<Long>> timedSpec = StateSpecs.orderedList(VarLongCoder.of());

        @StateId("opaque")
        private final StateSpec<ValueState<StringBuilder>> opaqueSpec =
                StateSpecs.value(SerializableCoder.of(StringBuilder.class));

        @TimerId("late")
        private final TimerSpec lateSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                @StateId("last") ValueState<Long> last,
                @StateId("first") BagState<Long> first,
                @StateId("seen") SetState<Long> seen,
                @StateId("names") MapState<String, Long> names,
                @StateId("timed") OrderedListState<Long> timed,
                @StateId("opaque") ValueState<StringBuilder> opaque,
                @TimerId("late") Timer late) {
            long n = element.getValue();
            last.write(n);
            if (n < 6) {
                first.add(n);
                seen.add(n);
                names.put("n" + n, n);
                timed.add(TimestampedValue.of(n, Instant.ofEpochMilli(n)));
                opaque.write(new StringBuilder("built"));
                late.withOutputTimestamp(Instant.ofEpochMilli(4_102_444_800_000L))
                        .set(Instant.ofEpochMilli(4_102_444_800_000L));
            }
            SEEN.incrementAndGet();
        }

        @OnTimer("late")
        public void late() {}
    }
}
