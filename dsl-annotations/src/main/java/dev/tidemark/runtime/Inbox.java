package dev.tidemark.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.values.TimestampedValue;

/**
 * The events of a group that wait for the watermark: the cell {@code ~inbox}.
 *
 * @param <I> the input of the group
 */
public final class Inbox<I> {
    private final Wire<I> wire;

    /** The encoding breaks ties between events of one time. */
    public Inbox(Wire<I> wire) {
        this.wire = wire;
    }

    /** Takes out the events that are due, by time and then by their bytes, which gives one order however they arrived. */
    public List<TimestampedValue<I>> release(BagState<TimestampedValue<I>> cell, TimedGroup group) {
        if (!group.hasReleasable()) {
            return List.of();
        }
        List<TimestampedValue<I>> due = new ArrayList<>();
        List<TimestampedValue<I>> rest = new ArrayList<>();
        for (TimestampedValue<I> each : cell.read()) {
            (each.getTimestamp().getMillis() < group.upTo() ? due : rest).add(each);
        }
        cell.clear();
        group.inboxCleared();
        for (TimestampedValue<I> each : rest) {
            cell.add(each);
            group.buffered(each.getTimestamp().getMillis());
        }
        if (due.size() > 1) {
            due.sort(this::compare);
        }
        return due;
    }

    private int compare(TimestampedValue<I> left, TimestampedValue<I> right) {
        int byTime = Long.compare(
                left.getTimestamp().getMillis(), right.getTimestamp().getMillis());
        return byTime != 0
                ? byTime
                : Arrays.compareUnsigned(
                        Handles.content(wire, left.getValue()), Handles.content(wire, right.getValue()));
    }
}
