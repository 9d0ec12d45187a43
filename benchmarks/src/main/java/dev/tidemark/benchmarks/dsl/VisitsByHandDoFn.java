package dev.tidemark.benchmarks.dsl;

import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;

/** {@link Visits} as one would write it: one cell, and a timer that forgets a user who is gone for a year. */
final class VisitsByHandDoFn extends DoFn<KV<String, Visits.Visit>, Visits.Total> {
    private static final long serialVersionUID = 1L;

    static final TupleTag<Visits.Total> ROWS = new TupleTag<>("rows") {};

    private static final org.joda.time.Duration YEAR = org.joda.time.Duration.standardDays(365);

    @StateId("seen")
    private final StateSpec<ValueState<Visits.Seen>> seenSpec = StateSpecs.value(VisitsCoders.SeenCoder.INSTANCE);

    @TimerId("forget")
    private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    @ProcessElement
    public void process(
            @Element KV<String, Visits.Visit> element,
            @Timestamp org.joda.time.Instant timestamp,
            @StateId("seen") ValueState<Visits.Seen> seenCell,
            @TimerId("forget") Timer forget,
            MultiOutputReceiver out) {
        Visits.Visit visit = element.getValue();
        Visits.Seen stored = seenCell.read();
        Visits.Seen seen = new Visits.Seen();
        seen.count = stored == null ? 1 : stored.count + 1;
        seen.first = stored == null ? visit.time() : stored.first;
        seen.last = visit.time();
        seen.page = visit.page();
        seenCell.write(seen);
        forget.set(timestamp.plus(YEAR));
        out.get(ROWS).outputWithTimestamp(new Visits.Total(visit.user(), seen.count, seen.first, seen.last), timestamp);
    }

    @OnTimer("forget")
    public void forget(@StateId("seen") ValueState<Visits.Seen> seenCell) {
        seenCell.clear();
    }
}
