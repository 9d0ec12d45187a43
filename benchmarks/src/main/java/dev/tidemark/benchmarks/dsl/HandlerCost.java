package dev.tidemark.benchmarks.dsl;

import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One event of {@link Visits}, through the generated DoFn and through the one written by hand, on the same cells. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandlerCost {
    /** Whether cells keep bytes or objects; or bytes that, by hand, a coder writes which is made of Beam's own. */
    @Param({"bytes", "bytes-of-beam", "objects"})
    private String cells = "bytes";

    private final VisitsDoFn generated = new VisitsDoFn(VisitsGroup.SETTINGS);
    private final VisitsByHandDoFn byHand = new VisitsByHandDoFn();
    private final SetTimer timer = new SetTimer();
    private ValueState<Kept<Visits.Seen>> metaCell = new ObjectCell<>();
    private ValueState<VisitsByHandDoFn.Remembered> rememberedCell = new ObjectCell<>();
    private long time = java.time.Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private KV<String, Visits.Visit> element = KV.of("user", new Visits.Visit("user", time, "page"));
    private Instant timestamp = Instant.ofEpochMilli(time);
    private @Nullable ConsumedRows out;

    /** Makes the cells. */
    @Setup
    public void setup(Blackhole blackhole) {
        out = new ConsumedRows(blackhole);
        generated.setup();
        if (!cells.equals("objects")) {
            metaCell = new ByteCell<>(KeptCoder.of("visits", VisitsCoders.SeenCoder.INSTANCE));
            rememberedCell = new ByteCell<>(
                    cells.equals("bytes")
                            ? VisitsByHandDoFn.RememberedCoder.INSTANCE
                            : VisitsByHandDoFn.BeamRememberedCoder.INSTANCE);
        }
    }

    /** What a runner hands over is on the heap, whatever the DoFn does with it: here, too, so that none is spared it. */
    private void next() {
        time++;
        element = KV.of("user", new Visits.Visit("user", time, "page"));
        timestamp = Instant.ofEpochMilli(time);
    }

    /** The generated DoFn. */
    @Benchmark
    public void generated() {
        next();
        generated.process(element, timestamp, GlobalWindow.INSTANCE, metaCell, timer, Objects.requireNonNull(out));
    }

    /** The DoFn written by hand. */
    @Benchmark
    public void byHand() {
        next();
        byHand.process(element, timestamp, rememberedCell, timer, Objects.requireNonNull(out));
    }
}
