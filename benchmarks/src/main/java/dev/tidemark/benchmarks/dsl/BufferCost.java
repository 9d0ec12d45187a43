package dev.tidemark.benchmarks.dsl;

import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.KeptCoder;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
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

/** One event that a group in order puts into its inbox: it needs the bookkeeping of the group, and none of its fields. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BufferCost {
    /** How many texts the group remembers; below zero it has no fields at all. */
    @Param({"-1", "0", "100"})
    private int pages = 0;

    private final OrderedVisitsDoFn generated = new OrderedVisitsDoFn(OrderedVisitsGroup.SETTINGS);
    private final SetTimer timer = new SetTimer();
    private final ByteCell<Kept<OrderedVisits.Seen>> metaCell =
            new ByteCell<>(KeptCoder.of("ordered-visits", OrderedVisitsCoders.SeenCoder.INSTANCE)
                    .deferred());
    private long time = java.time.Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private @Nullable Inbox inbox;

    /** Makes a group that waits for its timer. */
    @Setup
    public void setup(Blackhole blackhole) {
        generated.setup();
        inbox = new Inbox(blackhole);
        OrderedVisits.Seen seen = new OrderedVisits.Seen();
        seen.count = 7;
        seen.first = time;
        seen.last = time;
        seen.page = "page";
        seen.pages = Collections.nCopies(Math.max(0, pages), "a page that was visited");
        metaCell.write(new Kept<>(
                pages < 0 ? null : seen,
                1,
                time,
                time,
                Kept.NONE,
                new Kept.Rest(true, false, Kept.NONE, time, Kept.NONE, time, Map.of())));
    }

    /** Takes what is added, and keeps none of it. */
    private static final class Inbox extends PlainBag<TimestampedValue<Visits.Visit>> {
        private final Blackhole blackhole;

        Inbox(Blackhole blackhole) {
            this.blackhole = blackhole;
        }

        @Override
        public void add(TimestampedValue<Visits.Visit> value) {
            blackhole.consume(value);
        }

        @Override
        public Iterable<TimestampedValue<Visits.Visit>> read() {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException("not used");
        }
    }

    private static final DoFn.MultiOutputReceiver NO_OUTPUT = new DoFn.MultiOutputReceiver() {
        @Override
        public <T> DoFn.OutputReceiver<T> get(TupleTag<T> tag) {
            throw new UnsupportedOperationException("nothing is late");
        }

        @Override
        public <T> DoFn.OutputReceiver<Row> getRowReceiver(TupleTag<T> tag) {
            throw new UnsupportedOperationException("not used");
        }
    };

    /** The generated DoFn. */
    @Benchmark
    public void buffered() {
        time++;
        generated.process(
                KV.of("user", new Visits.Visit("user", time, "page")),
                Instant.ofEpochMilli(time),
                GlobalWindow.INSTANCE,
                metaCell,
                Objects.requireNonNull(inbox),
                timer,
                NO_OUTPUT);
    }
}
