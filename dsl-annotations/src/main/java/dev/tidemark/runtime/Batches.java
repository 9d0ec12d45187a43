package dev.tidemark.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of the events of the group at hand: of those that have waited in {@code ~inbox} for one another, or of those
 * that the watermark has released. Owned by one DoFn.
 *
 * <p>While events wait, two timers are set: {@code ~batch} by the wall clock, and {@code ~end} at the end of the window,
 * which holds the watermark at the earliest of them. Not every runner fires the former at the end of its input, or holds the
 * watermark for it there. What fires beside the time it was set for finds fewer events, or none, and does no harm.
 *
 * @param <V> what waits
 * @param <I> the input of the group
 */
public final class Batches<V, I> {
    private final GroupSettings settings;
    private final boolean ordered;
    private final Function<V, @Nullable I> eventOf;

    private List<TimestampedValue<V>> taken = List.of();
    private int next;

    /** Of a group that handles its events in the order of their times or not; {@code eventOf} is null for what is no event. */
    public Batches(GroupSettings settings, boolean ordered, Function<V, @Nullable I> eventOf) {
        this.settings = settings;
        this.ordered = ordered;
        this.eventOf = eventOf;
    }

    // ------------------------------------------------------------------ waiting

    /** Lets an event wait; whether it is the last that there is room for, so that all of them are to be taken now. */
    public boolean add(
            V event,
            Instant timestamp,
            BoundedWindow window,
            ValueState<Waiting> cell,
            BagState<TimestampedValue<V>> inbox,
            Timer batch,
            Timer end) {
        Waiting before = cell.read();
        inbox.add(TimestampedValue.of(event, timestamp));
        int count = before == null ? 1 : before.count() + 1;
        if (count >= settings.maxBatch()) {
            return true;
        }
        long time = timestamp.getMillis();
        if (before == null) {
            batch.offset(Duration.millis(settings.maxDelay())).setRelative();
        }
        if (before == null || time < before.earliest()) {
            end.withOutputTimestamp(timestamp)
                    .set(Instant.ofEpochMilli(settings.expiry(GroupSettings.windowEnd(window))));
        }
        cell.write(new Waiting(count, before == null ? time : Math.min(before.earliest(), time)));
        return false;
    }

    /** Takes out all events that wait, in the order in which they came. */
    public void take(
            ValueState<Waiting> cell, BagState<TimestampedValue<V>> inbox, Timer batch, Timer end, TimedGroup group) {
        List<TimestampedValue<V>> all = new ArrayList<>();
        inbox.read().forEach(all::add);
        take(all);
        if (all.isEmpty()) {
            return;
        }
        inbox.clear();
        cell.clear();
        batch.clear();
        group.endsWithoutWaiting(end);
    }

    // ------------------------------------------------------------------ cutting

    /** Takes events that are to be handled now. */
    public void take(List<TimestampedValue<V>> events) {
        taken = events;
        next = 0;
    }

    /** Whether there is anything left of what was taken. */
    public boolean hasNext() {
        return next < taken.size();
    }

    /** What is next. */
    public TimestampedValue<V> peek() {
        return taken.get(next);
    }

    /** Passes over what is next. */
    public void skip() {
        next++;
    }

    /** The next events that belong into one call: the next one, which must be an event, and those that join it. */
    public Batch<I> next(TimedGroup group) {
        List<TimestampedValue<I>> batch = new ArrayList<>(Math.min(settings.maxBatch(), taken.size() - next));
        long first = peek().getTimestamp().getMillis();
        long latest = first;
        while (hasNext() && batch.size() < settings.maxBatch()) {
            TimestampedValue<V> each = peek();
            long time = each.getTimestamp().getMillis();
            I event = eventOf.apply(each.getValue());
            if (event == null || (!batch.isEmpty() && !group.joins(time, first, latest, ordered))) {
                break;
            }
            batch.add(TimestampedValue.of(event, each.getTimestamp()));
            latest = Math.max(latest, time);
            next++;
        }
        return new Batch<>(batch);
    }
}
