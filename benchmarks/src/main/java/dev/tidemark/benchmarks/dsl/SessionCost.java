package dev.tidemark.benchmarks.dsl;

import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One event of {@link VisitSessions}: a sixteenth of a session whose events come out of order, wait, are handled when the
 * watermark has passed them, and end with a timeout. Through the generated DoFn and through the one written by hand.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SessionCost {
    private static final int EVENTS = 16;
    private static final String USER = "user";

    /** Whether cells keep bytes or objects. */
    @Param({"bytes", "objects"})
    private String cells = "bytes";

    private final VisitSessionsDoFn generated = new VisitSessionsDoFn(VisitSessionsGroup.SETTINGS);
    private final VisitSessionsByHandDoFn byHand = new VisitSessionsByHandDoFn();
    private final SetTimer timer = new SetTimer();
    private final Fired firedGenerated = new Fired(generated, timer);
    private final Fired firedByHand = new Fired(byHand, timer);
    private ValueState<Kept<VisitSessions.Session>> metaCell = new ObjectCell<>();
    private ValueState<VisitSessionsByHandDoFn.Remembered> rememberedCell = new ObjectCell<>();
    private BagState<TimestampedValue<Visits.Visit>> inbox = new ObjectBag<>();
    private long start = java.time.Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private KV<String, Visits.Visit> element = KV.of(USER, new Visits.Visit(USER, start, "page"));
    private Instant timestamp = Instant.ofEpochMilli(start);
    private @Nullable ConsumedRows out;

    /** Makes the cells. */
    @Setup
    public void setup(Blackhole blackhole) {
        out = new ConsumedRows(blackhole);
        generated.setup();
        if (cells.equals("bytes")) {
            metaCell = new ByteCell<>(KeptCoder.of("visit-sessions", VisitSessionsCoders.SessionCoder.INSTANCE)
                    .deferred());
            rememberedCell = new ByteCell<>(VisitSessionsByHandDoFn.RememberedCoder.INSTANCE);
            inbox = new ByteBag<>(VisitSessionsByHandDoFn.INBOX_CODER);
        }
    }

    /** The firing of the timer. */
    private static final class Fired extends DoFn<KV<String, Visits.Visit>, Visits.Total>.OnTimerContext {
        private final SetTimer timer;

        Fired(DoFn<KV<String, Visits.Visit>, Visits.Total> fn, SetTimer timer) {
            fn.super();
            this.timer = timer;
        }

        @Override
        public Instant fireTimestamp() {
            return timer.time();
        }

        @Override
        public Instant timestamp() {
            return timer.time();
        }

        @Override
        public BoundedWindow window() {
            return GlobalWindow.INSTANCE;
        }

        @Override
        public TimeDomain timeDomain() {
            return TimeDomain.EVENT_TIME;
        }

        @Override
        public PipelineOptions getPipelineOptions() {
            return PipelineOptionsFactory.create();
        }

        private static UnsupportedOperationException notUsed() {
            return new UnsupportedOperationException("not used");
        }

        @Override
        public void output(Visits.Total output) {
            throw notUsed();
        }

        @Override
        public void outputWithTimestamp(Visits.Total output, Instant time) {
            throw notUsed();
        }

        @Override
        public void outputWindowedValue(
                Visits.Total output, Instant time, Collection<? extends BoundedWindow> windows, PaneInfo pane) {
            throw notUsed();
        }

        @Override
        public <T> void output(TupleTag<T> tag, T output) {
            throw notUsed();
        }

        @Override
        public <T> void outputWithTimestamp(TupleTag<T> tag, T output, Instant time) {
            throw notUsed();
        }

        @Override
        public <T> void outputWindowedValue(
                TupleTag<T> tag, T output, Instant time, Collection<? extends BoundedWindow> windows, PaneInfo pane) {
            throw notUsed();
        }
    }

    /** The next event; each pair of them comes the wrong way round. */
    private void next(int event) {
        long time = start + (event ^ 1) * 1_000L;
        element = KV.of(USER, new Visits.Visit(USER, time, "page"));
        timestamp = Instant.ofEpochMilli(time);
    }

    /** Lets the watermark pass so many seconds of the session. */
    private void pass(int seconds) {
        timer.watermark(Instant.ofEpochMilli(start + seconds * 1_000L));
    }

    /** A session whose timeout does not fire would be cheap. */
    private ConsumedRows ended(long rows) {
        ConsumedRows after = Objects.requireNonNull(out);
        if (after.count() != rows + 1) {
            throw new IllegalStateException("a session has ended with " + (after.count() - rows) + " rows");
        }
        start += 120_000;
        return after;
    }

    /** The generated DoFn. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Object generated() {
        ConsumedRows to = Objects.requireNonNull(out);
        long rows = to.count();
        for (int i = 0; i < EVENTS; i++) {
            next(i);
            generated.process(element, timestamp, GlobalWindow.INSTANCE, metaCell, inbox, timer, to);
        }
        pass(25);
        generated.wake(firedGenerated, USER, GlobalWindow.INSTANCE, metaCell, inbox, timer, to);
        pass(90);
        generated.wake(firedGenerated, USER, GlobalWindow.INSTANCE, metaCell, inbox, timer, to);
        return ended(rows);
    }

    /** The DoFn written by hand. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Object byHand() {
        ConsumedRows to = Objects.requireNonNull(out);
        long rows = to.count();
        for (int i = 0; i < EVENTS; i++) {
            next(i);
            byHand.process(element, timestamp, GlobalWindow.INSTANCE, rememberedCell, inbox, timer);
        }
        pass(25);
        byHand.wake(firedByHand, USER, GlobalWindow.INSTANCE, rememberedCell, inbox, timer, to);
        pass(90);
        byHand.wake(firedByHand, USER, GlobalWindow.INSTANCE, rememberedCell, inbox, timer, to);
        return ended(rows);
    }
}
