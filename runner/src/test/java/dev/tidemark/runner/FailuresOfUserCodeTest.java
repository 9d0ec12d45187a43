package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IncompatibleWindowException;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.NonMergingWindowFn;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.transforms.windowing.WindowMappingFn;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each method of a user's that the runner calls fails once, in the middle: by an exception, after which the job goes on from its last
 * checkpoint; by an error, which ends it; by not returning, until somebody cancels it. What comes out in the end, where need be after
 * another start, is what comes out without. A line may come twice; a wrong one never, and none is missing.
 */
@Isolated("its user code fails by a static field")
@Tag("any-jdk")
class FailuresOfUserCodeTest {
    private static final long NUMBERS = 2_000;
    private static final long WINDOW_MILLIS = 500;
    private static final int KEYS = 7;
    /** A run takes a quarter of a second, so that there are checkpoints. */
    private static final long NANOS_EACH = 250_000;

    /** Where it fails. */
    enum At {
        SETUP,
        START_BUNDLE,
        PROCESS,
        FINISH_BUNDLE,
        TEARDOWN,
        STATEFUL_PROCESS,
        TIMER,
        WINDOW_EXPIRATION,
        ASSIGN_WINDOWS,
        CREATE_ACCUMULATOR,
        ADD_INPUT,
        EXTRACT_OUTPUT,
        ENCODE_STATE,
        DECODE_STATE,
        SOURCE_START,
        SOURCE_ADVANCE,
        SOURCE_WATERMARK,
        SOURCE_MARK,
        SOURCE_FINALIZE,
        SOURCE_CLOSE,
        LAST_STEP
    }

    /** A failure that no job goes on after. */
    private static final class OnPurpose extends Error {
        private static final long serialVersionUID = 1L;

        OnPurpose(String message) {
            super(message);
        }
    }

    /** What happens there. */
    private enum How {
        EXCEPTION,
        ERROR,
        HANG
    }

    private static final AtomicReference<@Nullable At> NEXT = new AtomicReference<>();
    private static final Set<String> LINES = new ConcurrentSkipListSet<>();
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static volatile @Nullable At afterwards;
    private static volatile boolean failed;
    private static volatile How how = How.EXCEPTION;
    private static volatile CountDownLatch hanging = new CountDownLatch(1);

    /** Fails once, when the place has been passed often enough that there is something to lose. */
    private static void pass(At at) {
        if (NEXT.get() == at) {
            int calls = CALLS.incrementAndGet();
            boolean rare = at == At.SETUP
                    || at == At.TEARDOWN
                    || at == At.SOURCE_START
                    || at == At.SOURCE_CLOSE
                    || at == At.SOURCE_FINALIZE
                    || at == At.DECODE_STATE;
            if (calls >= (rare ? 1 : 5) && NEXT.compareAndSet(at, afterwards)) {
                afterwards = null;
                failed = NEXT.get() == null;
                fail("on purpose, at " + at);
            }
        }
    }

    private static void fail(String why) {
        switch (failed ? how : How.EXCEPTION) {
            case EXCEPTION -> throw new IllegalStateException(why);
            case ERROR -> throw new OnPurpose(why);
            case HANG -> {
                hanging.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted, " + why, e);
                }
            }
        }
    }

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void forget() {
        LINES.clear();
        CALLS.set(0);
        failed = false;
        how = How.EXCEPTION;
        hanging = new CountDownLatch(1);
    }

    @ParameterizedTest
    @EnumSource
    void aMethodThatFailsOnceCostsNothing(At at) {
        failAt(at);
        Pipeline pipeline = pipeline();
        PipelineResult.State state;
        try {
            state = pipeline.run().waitUntilFinish();
        } catch (Pipeline.PipelineExecutionException | IllegalStateException e) {
            // What fails where nothing has begun, or when all is over, fails the run; the next one goes on.
            assertThat(e).hasStackTraceContaining("on purpose, at " + at);
            state = pipeline().run().waitUntilFinish();
        }
        assertThat(state).isEqualTo(PipelineResult.State.DONE);
        assertThat(failed).as("it has failed").isTrue();
        assertThat(LINES).containsExactlyElementsOf(expected());
    }

    @ParameterizedTest
    @EnumSource
    void anErrorEndsTheJobAndTheNextStartGoesOn(At at) {
        how = How.ERROR;
        failAt(at);
        assertThatThrownBy(() -> pipeline().run().waitUntilFinish()).hasStackTraceContaining("on purpose, at " + at);
        assertThat(failed).as("it has failed").isTrue();
        assertThat(pipeline().run().waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES).containsExactlyElementsOf(expected());
    }

    @ParameterizedTest
    @EnumSource
    void aMethodThatDoesNotReturnCanBeCancelledAndTheNextStartGoesOn(At at) throws Exception {
        how = How.HANG;
        failAt(at);
        PipelineResult result = pipeline().run();
        assertThat(hanging.await(60, TimeUnit.SECONDS)).as("it hangs").isTrue();
        result.cancel();
        assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.CANCELLED);
        assertThat(pipeline().run().waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(LINES).containsExactlyElementsOf(expected());
    }

    private static void failAt(At at) {
        // Nothing is decoded before there is something to go on from.
        boolean needsAnother = at == At.DECODE_STATE;
        afterwards = needsAnother ? at : null;
        NEXT.set(needsAnother ? At.TIMER : at);
    }

    private Pipeline pipeline() {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner",
                        "--jobName=failing",
                        "--tidemarkStateDir=" + directory,
                        "--tidemarkParallelism=2",
                        "--tidemarkCheckpointInterval=20ms",
                        "--tidemarkMaxRestarts=2")
                .create());
        pipeline.apply("numbers", Read.from(new Numbers(0, 1)))
                .apply("key", ParDo.of(new ToKeys()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("windows", Window.into(new FailingWindows()))
                .apply("running", ParDo.of(new Running()))
                .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                .apply("sum", Combine.perKey(new Sum()))
                .apply("tell", ParDo.of(new Tell()));
        return pipeline;
    }

    /** The sum of the numbers of each key in each window. */
    private static Set<String> expected() {
        Set<String> lines = new TreeSet<>();
        for (long window = 0; window < NUMBERS / WINDOW_MILLIS; window++) {
            for (int key = 0; key < KEYS; key++) {
                long sum = 0;
                for (long n = window * WINDOW_MILLIS; n < (window + 1) * WINDOW_MILLIS; n++) {
                    sum += n % KEYS == key ? n : 0;
                }
                lines.add("sum " + key + " until " + ((window + 1) * WINDOW_MILLIS - 1) + ": " + sum);
                lines.add("end " + key + " until " + ((window + 1) * WINDOW_MILLIS - 1));
                lines.add("timer " + key + " until " + ((window + 1) * WINDOW_MILLIS - 1));
            }
        }
        return lines;
    }

    static final class ToKeys extends DoFn<Long, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @Setup
        public void setup() {
            pass(At.SETUP);
        }

        @StartBundle
        public void start() {
            pass(At.START_BUNDLE);
        }

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<String, Long>> out) {
            pass(At.PROCESS);
            out.output(KV.of(String.valueOf(n % KEYS), n));
        }

        @FinishBundle
        public void finish() {
            pass(At.FINISH_BUNDLE);
        }

        @Teardown
        public void teardown() {
            pass(At.TEARDOWN);
        }
    }

    /** Passes on, counts in a state, and tells when its timer fires and when its window ends. */
    static final class Running extends DoFn<KV<String, Long>, KV<String, Long>> {
        private static final long serialVersionUID = 1L;

        @StateId("key")
        private final StateSpec<ValueState<String>> keySpec = StateSpecs.value(new FailingCoder());

        @TimerId("last")
        private final TimerSpec lastSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(
                @Element KV<String, Long> element,
                BoundedWindow window,
                @StateId("key") ValueState<String> key,
                @TimerId("last") Timer last,
                OutputReceiver<KV<String, Long>> out) {
            pass(At.STATEFUL_PROCESS);
            key.write(element.getKey());
            last.set(window.maxTimestamp());
            out.output(element);
        }

        @OnTimer("last")
        public void last(BoundedWindow window, @StateId("key") ValueState<String> key) {
            pass(At.TIMER);
            LINES.add("timer " + key.read() + " until " + window.maxTimestamp().getMillis());
        }

        @OnWindowExpiration
        public void end(BoundedWindow window, @StateId("key") ValueState<String> key) {
            pass(At.WINDOW_EXPIRATION);
            LINES.add("end " + key.read() + " until " + window.maxTimestamp().getMillis());
        }
    }

    static final class Sum extends Combine.CombineFn<Long, Long, Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long createAccumulator() {
            pass(At.CREATE_ACCUMULATOR);
            return 0L;
        }

        @Override
        public Long addInput(Long accumulator, Long input) {
            pass(At.ADD_INPUT);
            return accumulator + input;
        }

        @Override
        public Long mergeAccumulators(Iterable<Long> accumulators) {
            long sum = 0;
            for (Long each : accumulators) {
                sum += each;
            }
            return sum;
        }

        @Override
        public Long extractOutput(Long accumulator) {
            pass(At.EXTRACT_OUTPUT);
            return accumulator;
        }
    }

    static final class Tell extends DoFn<KV<String, Long>, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element KV<String, Long> sum, BoundedWindow window) {
            pass(At.LAST_STEP);
            LINES.add("sum " + sum.getKey() + " until " + window.maxTimestamp().getMillis() + ": " + sum.getValue());
        }
    }

    static final class FailingCoder extends CustomCoder<String> {
        private static final long serialVersionUID = 1L;

        @Override
        public void encode(String value, OutputStream out) throws IOException {
            pass(At.ENCODE_STATE);
            StringUtf8Coder.of().encode(value, out);
        }

        @Override
        public String decode(InputStream in) throws IOException {
            pass(At.DECODE_STATE);
            return StringUtf8Coder.of().decode(in);
        }
    }

    static final class FailingWindows extends NonMergingWindowFn<Object, IntervalWindow> {
        private static final long serialVersionUID = 1L;

        private final FixedWindows windows = FixedWindows.of(Duration.millis(WINDOW_MILLIS));

        @Override
        public List<IntervalWindow> assignWindows(AssignContext context) {
            pass(At.ASSIGN_WINDOWS);
            return List.of(windows.assignWindow(context.timestamp()));
        }

        @Override
        @SuppressWarnings("deprecation") // abstract all the same
        public boolean isCompatible(WindowFn<?, ?> other) {
            return other instanceof FailingWindows;
        }

        @Override
        public void verifyCompatibility(WindowFn<?, ?> other) throws IncompatibleWindowException {
            windows.verifyCompatibility(((FailingWindows) other).windows);
        }

        @Override
        public Coder<IntervalWindow> windowCoder() {
            return IntervalWindow.getCoder();
        }

        @Override
        public WindowMappingFn<IntervalWindow> getDefaultWindowMappingFn() {
            return windows.getDefaultWindowMappingFn();
        }
    }

    /** The numbers from 0 on in as many splits as asked for, each at its own time. */
    static final class Numbers extends UnboundedSource<Long, Numbers.Mark> {
        private static final long serialVersionUID = 1L;

        private final long first;
        private final long step;

        Numbers(long first, long step) {
            this.first = first;
            this.step = step;
        }

        record Mark(long next) implements CheckpointMark {
            @Override
            public void finalizeCheckpoint() {
                pass(At.SOURCE_FINALIZE);
            }
        }

        static final class MarkCoder extends AtomicCoder<Mark> {
            private static final long serialVersionUID = 1L;

            @Override
            public void encode(Mark mark, OutputStream out) throws IOException {
                VarLongCoder.of().encode(mark.next(), out);
            }

            @Override
            public Mark decode(InputStream in) throws IOException {
                return new Mark(VarLongCoder.of().decode(in));
            }
        }

        @Override
        public List<Numbers> split(int wanted, PipelineOptions options) {
            return List.of(new Numbers(0, 2), new Numbers(1, 2));
        }

        @Override
        public UnboundedReader<Long> createReader(PipelineOptions options, @Nullable Mark mark) {
            return new NumbersReader(this, mark == null ? first : mark.next());
        }

        @Override
        public Coder<Mark> getCheckpointMarkCoder() {
            return new MarkCoder();
        }

        @Override
        public Coder<Long> getOutputCoder() {
            return VarLongCoder.of();
        }
    }

    private static final class NumbersReader extends UnboundedSource.UnboundedReader<Long> {
        private final Numbers source;
        private long next;
        private long current = -1;
        private final long began = System.nanoTime();
        private long read;

        NumbersReader(Numbers source, long next) {
            this.source = source;
            this.next = next;
        }

        @Override
        public boolean start() {
            pass(At.SOURCE_START);
            return advance();
        }

        /** Slowly, so that there are checkpoints in between. */
        @Override
        public boolean advance() {
            pass(At.SOURCE_ADVANCE);
            if (next >= NUMBERS || read >= (System.nanoTime() - began) / NANOS_EACH) {
                return false;
            }
            read++;
            current = next;
            next += source.step;
            return true;
        }

        @Override
        public Long getCurrent() throws NoSuchElementException {
            return current;
        }

        @Override
        public Instant getCurrentTimestamp() throws NoSuchElementException {
            return Instant.ofEpochMilli(current);
        }

        @Override
        public Instant getWatermark() {
            pass(At.SOURCE_WATERMARK);
            return next >= NUMBERS ? BoundedWindow.TIMESTAMP_MAX_VALUE : Instant.ofEpochMilli(next);
        }

        @Override
        public UnboundedSource.CheckpointMark getCheckpointMark() {
            pass(At.SOURCE_MARK);
            return new Numbers.Mark(next);
        }

        @Override
        public UnboundedSource<Long, ?> getCurrentSource() {
            return source;
        }

        @Override
        public void close() {
            pass(At.SOURCE_CLOSE);
        }
    }
}
