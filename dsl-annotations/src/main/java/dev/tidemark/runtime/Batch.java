package dev.tidemark.runtime;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Instant;

/**
 * The events that one call of a handler is for: at least one, in the order in which they are handled. Immutable.
 *
 * @param <I> the input of the group
 * @param timed the events with their times
 */
public record Batch<I>(List<TimestampedValue<I>> timed) {

    /** A single event. */
    public static <I> Batch<I> of(I event, Instant time) {
        return new Batch<>(List.of(TimestampedValue.of(event, time)));
    }

    /** The events, as a handler is given them. */
    public List<I> events() {
        if (timed.size() == 1) {
            return List.of(timed.get(0).getValue());
        }
        List<I> events = new ArrayList<>(timed.size());
        for (TimestampedValue<I> each : timed) {
            events.add(each.getValue());
        }
        return Collections.unmodifiableList(events);
    }

    /** The time of the latest of them, which is that of the call. */
    public Instant time() {
        Instant latest = timed.get(0).getTimestamp();
        for (TimestampedValue<I> each : timed) {
            if (each.getTimestamp().isAfter(latest)) {
                latest = each.getTimestamp();
            }
        }
        return latest;
    }

    long first() {
        return timed.get(0).getTimestamp().getMillis();
    }

    long last() {
        return timed.get(timed.size() - 1).getTimestamp().getMillis();
    }
}
