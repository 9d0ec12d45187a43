package dev.tidemark.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/**
 * Lets the first of several equal events pass: the second half of finding duplicates. What it remembers of the events
 * that passed is their times. They are compared with the time of the next one, and not only forgotten by a timer: in batch every timer fires after
 * the last event, and a timer relative to the watermark would mean something else on every runner.
 *
 * @param <K> the key of the group
 * @param <I> its input
 */
public final class DuplicatesFn<K, I> extends DoFn<KV<byte[], KV<K, I>>, KV<K, I>> {
    private static final long serialVersionUID = 1L;

    @StateId("seen")
    private final StateSpec<ValueState<List<Long>>> seenSpec = StateSpecs.value(ListCoder.of(VarLongCoder.of()));

    @TimerId("forget")
    private final TimerSpec forgetSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

    private final long within;
    private final TupleTag<I> duplicates;
    private final Counter dropped;

    /** {@code within} is in milliseconds, {@code name} that of the group. */
    public DuplicatesFn(String name, long within, TupleTag<I> duplicates) {
        this.within = within;
        this.duplicates = duplicates;
        this.dropped = Metrics.counter(name, "dedup.dropped");
    }

    /** Beam calls this. */
    @ProcessElement
    public void process(
            @Element KV<byte[], KV<K, I>> element,
            @Timestamp Instant timestamp,
            BoundedWindow window,
            @StateId("seen") ValueState<List<Long>> seenCell,
            @TimerId("forget") Timer forget,
            MultiOutputReceiver out) {
        long time = timestamp.getMillis();
        List<Long> seen = seenCell.read();
        List<Long> times = seen == null ? new ArrayList<>() : new ArrayList<>(seen);
        for (long each : times) {
            if (Times.plus(each, within) >= time && Times.plus(time, within) >= each) {
                dropped.inc();
                out.get(duplicates).output(element.getValue().getValue());
                return;
            }
        }
        times.add(time);
        keep(times, window, seenCell, forget);
        out.get(Duplicates.<K, I>uniqueTag()).output(element.getValue());
    }

    /** Beam calls this. */
    @OnTimer("forget")
    public void forget(
            OnTimerContext context,
            BoundedWindow window,
            @StateId("seen") ValueState<List<Long>> seenCell,
            @TimerId("forget") Timer forget) {
        List<Long> seen = seenCell.read();
        if (seen == null) {
            return;
        }
        long fired = context.fireTimestamp().getMillis();
        List<Long> times = new ArrayList<>(seen);
        times.removeIf(each -> Times.plus(each, within) < fired);
        keep(times, window, seenCell, forget);
    }

    private void keep(List<Long> times, BoundedWindow window, ValueState<List<Long>> seenCell, Timer forget) {
        if (times.isEmpty()) {
            seenCell.clear();
            return;
        }
        seenCell.write(times);
        long deadline = Times.plus(Times.plus(Collections.min(times), within), 1);
        // With the window the state is gone anyway.
        if (deadline <= Math.min(window.maxTimestamp().getMillis(), Times.MAX)) {
            forget.set(Instant.ofEpochMilli(deadline));
        }
    }
}
