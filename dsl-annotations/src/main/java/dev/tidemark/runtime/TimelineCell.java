package dev.tidemark.runtime;

import dev.tidemark.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.beam.sdk.state.OrderedListState;
import org.apache.beam.sdk.values.TimestampedValue;

/**
 * A {@link Timeline} over an {@link OrderedListState}. The entries of one time are kept as one list: Beam's Flink runner (2.70.0,
 * {@code FlinkOrderedListState}) keeps one element per timestamp and would lose the others.
 */
public final class TimelineCell<E> extends TimelineChanges<E, OrderedListState<List<E>>> {
    @Override
    void read(OrderedListState<List<E>> cell, long from, Consumer<TimestampedValue<E>> each) {
        for (TimestampedValue<List<E>> moment : range(cell, from, Times.MAX + 1)) {
            for (E value : moment.getValue()) {
                each.accept(TimestampedValue.of(value, moment.getTimestamp()));
            }
        }
    }

    @Override
    long count(OrderedListState<List<E>> cell, long from) {
        long count = 0;
        for (TimestampedValue<List<E>> moment : range(cell, from, Times.MAX + 1)) {
            count += moment.getValue().size();
        }
        return count;
    }

    @Override
    boolean isEmpty(OrderedListState<List<E>> cell, long from) {
        return !range(cell, from, Times.MAX + 1).iterator().hasNext();
    }

    @Override
    void clear(OrderedListState<List<E>> cell) {
        cell.clear();
    }

    @Override
    void dropBefore(OrderedListState<List<E>> cell, long time) {
        cell.clearRange(joda(Times.MIN), joda(time));
    }

    @Override
    void add(OrderedListState<List<E>> cell, List<TimestampedValue<E>> entries) {
        if (entries.size() == 1) {
            addMoment(
                    cell,
                    entries.get(0).getTimestamp().getMillis(),
                    List.of(entries.get(0).getValue()));
            return;
        }
        SortedMap<Long, List<E>> moments = new TreeMap<>();
        for (TimestampedValue<E> entry : entries) {
            moments.computeIfAbsent(entry.getTimestamp().getMillis(), none -> new ArrayList<>())
                    .add(entry.getValue());
        }
        moments.forEach((time, values) -> addMoment(cell, time, values));
    }

    private void addMoment(OrderedListState<List<E>> cell, long time, List<E> values) {
        List<E> all = new ArrayList<>();
        for (TimestampedValue<List<E>> kept : range(cell, time, time + 1)) {
            all.addAll(kept.getValue());
        }
        if (!all.isEmpty()) {
            cell.clearRange(joda(time), joda(time + 1));
        }
        all.addAll(values);
        cell.add(TimestampedValue.of(all, joda(time)));
    }

    private static <T> Iterable<TimestampedValue<T>> range(OrderedListState<T> cell, long from, long limit) {
        return cell.readRange(joda(from), joda(limit));
    }
}
