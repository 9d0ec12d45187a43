package dev.tidemark.benchmarks.dsl;

import dev.tidemark.runtime.RecordCoder;
import dev.tidemark.runtime.WireReader;
import dev.tidemark.runtime.WireWriter;
import dev.tidemark.runtime.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * {@link VisitSessions} as one would write it who knows Beam well: the events wait in a bag until the watermark has passed
 * them, one cell holds the session and what is known of the bag, one timer wakes for whatever comes first. It does what the
 * generated one does, for this group alone.
 */
final class VisitSessionsByHandDoFn extends DoFn<KV<String, Visits.Visit>, Visits.Total> {
    private static final long serialVersionUID = 1L;

    static final TupleTag<Visits.Total> ROWS = new TupleTag<>("rows") {};

    private static final long NONE = Long.MIN_VALUE;
    private static final long GAP = Duration.standardSeconds(30).getMillis();
    private static final long LATENESS = Duration.standardSeconds(5).getMillis();

    /** What is remembered of a user; {@code count} is zero between sessions. Immutable. */
    record Remembered(
            long count,
            long first,
            long last,
            String page,
            long deadline,
            long frontier,
            long minBuffered,
            long armed,
            long held) {
        static final Remembered NOTHING = new Remembered(0, 0, 0, "", NONE, NONE, NONE, NONE, NONE);
    }

    /** The coder of {@link Remembered}, as compact as the generated ones. */
    static final class RememberedCoder extends RecordCoder<Remembered> {
        private static final long serialVersionUID = 1L;

        static final RememberedCoder INSTANCE = new RememberedCoder();

        private RememberedCoder() {
            super("visit-sessions-by-hand", true);
        }

        @Override
        protected void writeFields(Remembered value, WireWriter out) throws IOException {
            if (value.count() > 0) {
                out.int64(1, value.count());
                out.int64(2, value.first());
                out.int64(3, value.last());
                out.value(4, value.page(), Wires.STRING);
            }
            time(5, value.deadline(), out);
            time(6, value.frontier(), out);
            time(7, value.minBuffered(), out);
            time(8, value.armed(), out);
            time(9, value.held(), out);
        }

        private static void time(int field, long time, WireWriter out) throws IOException {
            if (time != NONE) {
                out.int64(field, time);
            }
        }

        @Override
        protected Remembered readFields(WireReader in) throws IOException {
            long count = 0;
            long first = 0;
            long last = 0;
            String page = "";
            long deadline = NONE;
            long frontier = NONE;
            long minBuffered = NONE;
            long armed = NONE;
            long held = NONE;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> count = in.int64();
                    case 2 -> first = in.int64();
                    case 3 -> last = in.int64();
                    case 4 -> page = in.value(Wires.STRING);
                    case 5 -> deadline = in.int64();
                    case 6 -> frontier = in.int64();
                    case 7 -> minBuffered = in.int64();
                    case 8 -> armed = in.int64();
                    case 9 -> held = in.int64();
                    default -> in.skip();
                }
            }
            return new Remembered(count, first, last, page, deadline, frontier, minBuffered, armed, held);
        }
    }

    static final Coder<TimestampedValue<Visits.Visit>> INBOX_CODER =
            TimestampedValue.TimestampedValueCoder.of(VisitsCoders.VisitCoder.INSTANCE);

    @StateId("session")
    private final StateSpec<ValueState<Remembered>> sessionSpec = StateSpecs.value(RememberedCoder.INSTANCE);

    @StateId("inbox")
    private final StateSpec<BagState<TimestampedValue<Visits.Visit>>> inboxSpec = StateSpecs.bag(INBOX_CODER);

    @TimerId("wake")
    private final TimerSpec wakeSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final Counter late = Metrics.counter("visit-sessions-by-hand", "late");

    @ProcessElement
    public void process(
            @Element KV<String, Visits.Visit> element,
            @Timestamp Instant timestamp,
            BoundedWindow window,
            @StateId("session") ValueState<Remembered> sessionCell,
            @StateId("inbox") BagState<TimestampedValue<Visits.Visit>> inboxCell,
            @TimerId("wake") Timer wake) {
        Remembered stored = sessionCell.read();
        Remembered old = stored == null ? Remembered.NOTHING : stored;
        long time = timestamp.getMillis();
        if (time + LATENESS < wake.getCurrentRelativeTime().getMillis()
                || (old.frontier() != NONE && time < old.frontier())) {
            late.inc();
            return;
        }
        inboxCell.add(TimestampedValue.of(element.getValue(), timestamp));
        if (old.minBuffered() != NONE && time >= old.minBuffered()) {
            return; // the timer wakes for an earlier one
        }
        long hold = earlier(old.deadline(), time);
        long needed = Math.min(hold + LATENESS + 1, end(window));
        boolean early = old.armed() != NONE && old.armed() <= needed && old.held() <= hold;
        if (!early) {
            set(wake, hold, needed);
        }
        sessionCell.write(new Remembered(
                old.count(),
                old.first(),
                old.last(),
                old.page(),
                old.deadline(),
                old.frontier(),
                time,
                early ? old.armed() : needed,
                early ? old.held() : hold));
    }

    @OnTimer("wake")
    public void wake(
            OnTimerContext context,
            @Key String key,
            BoundedWindow window,
            @StateId("session") ValueState<Remembered> sessionCell,
            @StateId("inbox") BagState<TimestampedValue<Visits.Visit>> inboxCell,
            @TimerId("wake") Timer wake,
            MultiOutputReceiver out) {
        Remembered old = sessionCell.read();
        long fired = context.fireTimestamp().getMillis();
        if (old == null || old.armed() == NONE || fired < old.armed()) {
            return;
        }
        long end = end(window);
        long watermark = Math.max(fired, wake.getCurrentRelativeTime().getMillis());
        long upTo = watermark >= end ? Long.MAX_VALUE : watermark - LATENESS;
        long count = old.count();
        long first = old.first();
        long last = old.last();
        String page = old.page();
        long deadline = old.deadline();
        long frontier = old.frontier();
        long minBuffered = old.minBuffered();
        if (minBuffered != NONE && minBuffered < upTo) {
            List<TimestampedValue<Visits.Visit>> due = new ArrayList<>();
            List<TimestampedValue<Visits.Visit>> rest = new ArrayList<>();
            for (TimestampedValue<Visits.Visit> each : inboxCell.read()) {
                (each.getTimestamp().getMillis() < upTo ? due : rest).add(each);
            }
            inboxCell.clear();
            minBuffered = NONE;
            for (TimestampedValue<Visits.Visit> each : rest) {
                inboxCell.add(each);
                minBuffered = earlier(minBuffered, each.getTimestamp().getMillis());
            }
            due.sort(VisitSessionsByHandDoFn::compare);
            for (TimestampedValue<Visits.Visit> each : due) {
                long time = each.getTimestamp().getMillis();
                if (deadline != NONE && time > deadline) {
                    close(key, count, first, last, deadline, out);
                    count = 0;
                    deadline = NONE;
                }
                Visits.Visit visit = each.getValue();
                if (count == 0) {
                    first = visit.time();
                }
                count++;
                last = visit.time();
                page = visit.page();
                frontier = Math.max(frontier, time);
                deadline = Math.min(Math.max(deadline, time + GAP), end);
            }
        }
        if (deadline != NONE && deadline < upTo) {
            close(key, count, first, last, deadline, out);
            count = 0;
            deadline = NONE;
        }
        long hold = earlier(deadline, minBuffered);
        if (hold == NONE) {
            sessionCell.clear();
            return;
        }
        long needed = Math.min(hold + LATENESS + 1, end);
        set(wake, hold, needed);
        sessionCell.write(new Remembered(count, first, last, page, deadline, frontier, minBuffered, needed, hold));
    }

    private static void close(String key, long count, long first, long last, long deadline, MultiOutputReceiver out) {
        out.get(ROWS).outputWithTimestamp(new Visits.Total(key, count, first, last), Instant.ofEpochMilli(deadline));
    }

    private static int compare(TimestampedValue<Visits.Visit> left, TimestampedValue<Visits.Visit> right) {
        int byTime = left.getTimestamp().compareTo(right.getTimestamp());
        return byTime != 0 ? byTime : Arrays.compareUnsigned(bytes(left.getValue()), bytes(right.getValue()));
    }

    private static byte[] bytes(Visits.Visit visit) {
        try {
            return CoderUtils.encodeToByteArray(VisitsCoders.VisitCoder.INSTANCE, visit);
        } catch (CoderException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void set(Timer wake, long hold, long time) {
        wake.withOutputTimestamp(Instant.ofEpochMilli(hold)).set(Instant.ofEpochMilli(time));
    }

    private static long earlier(long left, long right) {
        return left == NONE ? right : right == NONE ? left : Math.min(left, right);
    }

    /** Of a window without allowed lateness, whose state ends with it. */
    private static long end(BoundedWindow window) {
        return Math.min(window.maxTimestamp().getMillis(), BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis());
    }

    /** Without bound: the timer holds the watermark at or before the end of the session. */
    @Override
    @SuppressWarnings("deprecation")
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }
}
