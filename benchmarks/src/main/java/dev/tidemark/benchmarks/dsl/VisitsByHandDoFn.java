package dev.tidemark.benchmarks.dsl;

import dev.tidemark.runtime.RecordCoder;
import dev.tidemark.runtime.WireReader;
import dev.tidemark.runtime.WireWriter;
import dev.tidemark.runtime.Wires;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.VarInt;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * {@link Visits} as one would write it who knows Beam well: one cell, and one timer that forgets a user who is gone for a
 * year. It does what the generated one does: an event that comes out of order does not shorten the year, one that comes
 * after it finds nothing, and the state is replaced, not changed in place. The timer is not set for each event, which costs
 * more than all the rest: it is set once, and when it fires too early, once more.
 */
final class VisitsByHandDoFn extends DoFn<KV<String, Visits.Visit>, Visits.Total> {
    private static final long serialVersionUID = 1L;

    static final TupleTag<Visits.Total> ROWS = new TupleTag<>("rows") {};

    private static final long YEAR = Duration.standardDays(365).getMillis();

    /** What is remembered of a user. Immutable. */
    record Remembered(long count, long first, long last, String page, long touched, long armed) {}

    /** The coder of {@link Remembered}, as compact as the generated ones. */
    static final class RememberedCoder extends RecordCoder<Remembered> {
        private static final long serialVersionUID = 1L;

        static final RememberedCoder INSTANCE = new RememberedCoder();

        private RememberedCoder() {
            super("visits-by-hand", true);
        }

        @Override
        protected void writeFields(Remembered value, WireWriter out) throws IOException {
            out.int64(1, value.count());
            out.int64(2, value.first());
            out.int64(3, value.last());
            out.value(4, value.page(), Wires.STRING);
            out.int64(5, value.touched());
            out.int64(6, value.armed());
        }

        @Override
        protected Remembered readFields(WireReader in) throws IOException {
            long count = 0;
            long first = 0;
            long last = 0;
            String page = "";
            long touched = 0;
            long armed = 0;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> count = in.int64();
                    case 2 -> first = in.int64();
                    case 3 -> last = in.int64();
                    case 4 -> page = in.value(Wires.STRING);
                    case 5 -> touched = in.int64();
                    case 6 -> armed = in.int64();
                    default -> in.skip();
                }
            }
            return new Remembered(count, first, last, page, touched, armed);
        }
    }

    /**
     * The coder of {@link Remembered} as one would write it with what Beam has: the numbers and the text one after the other,
     * so that no field can be added later.
     */
    static final class BeamRememberedCoder extends AtomicCoder<Remembered> {
        private static final long serialVersionUID = 1L;

        static final BeamRememberedCoder INSTANCE = new BeamRememberedCoder();

        private static final Coder<String> TEXT = StringUtf8Coder.of();

        private BeamRememberedCoder() {}

        @Override
        public void encode(Remembered value, OutputStream out) throws IOException {
            VarInt.encode(value.count(), out);
            VarInt.encode(value.first(), out);
            VarInt.encode(value.last(), out);
            TEXT.encode(value.page(), out);
            VarInt.encode(value.touched(), out);
            VarInt.encode(value.armed(), out);
        }

        @Override
        public Remembered decode(InputStream in) throws IOException {
            return new Remembered(
                    VarInt.decodeLong(in),
                    VarInt.decodeLong(in),
                    VarInt.decodeLong(in),
                    TEXT.decode(in),
                    VarInt.decodeLong(in),
                    VarInt.decodeLong(in));
        }
    }

    @StateId("seen")
    private final StateSpec<ValueState<Remembered>> seenSpec = StateSpecs.value(RememberedCoder.INSTANCE);

    @TimerId("forget")
    private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @ProcessElement
    public void process(
            @Element KV<String, Visits.Visit> element,
            @Timestamp Instant timestamp,
            @StateId("seen") ValueState<Remembered> seenCell,
            @TimerId("forget") Timer forget,
            MultiOutputReceiver out) {
        Visits.Visit visit = element.getValue();
        long time = timestamp.getMillis();
        Remembered old = seenCell.read();
        // A timer that is set already fires at or before the time it is needed, also for one who comes back after a
        // year.
        long armed = old == null ? forgetAt(time) : old.armed();
        if (old == null) {
            set(forget, armed);
        } else if (time > old.touched() + YEAR) {
            old = null;
        }
        Remembered seen = new Remembered(
                old == null ? 1 : old.count() + 1,
                old == null ? visit.time() : old.first(),
                visit.time(),
                visit.page(),
                old == null ? time : Math.max(old.touched(), time),
                armed);
        seenCell.write(seen);
        out.get(ROWS)
                .outputWithTimestamp(
                        new Visits.Total(visit.user(), seen.count(), seen.first(), seen.last()), timestamp);
    }

    private static long forgetAt(long touched) {
        return Math.min(touched + YEAR + 1, BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
    }

    private static void set(Timer forget, long time) {
        Instant at = Instant.ofEpochMilli(time);
        forget.withOutputTimestamp(at).set(at);
    }

    @OnTimer("forget")
    public void forget(
            @Timestamp Instant fired,
            @StateId("seen") ValueState<Remembered> seenCell,
            @TimerId("forget") Timer forget) {
        Remembered seen = seenCell.read();
        if (seen == null || fired.getMillis() < seen.armed()) {
            return;
        }
        long end = forgetAt(seen.touched());
        if (fired.getMillis() >= end) {
            seenCell.clear();
            return;
        }
        set(forget, end);
        seenCell.write(new Remembered(seen.count(), seen.first(), seen.last(), seen.page(), seen.touched(), end));
    }
}
