package dev.tidemark.runtime;

import dev.tidemark.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** A {@link Timeline} of an initial state, or of a state that is looked at. Tied to no cell. Not thread-safe. */
public final class LooseTimeline<E> implements Timeline<E> {
    private final List<Entry<E>> entries = new ArrayList<>();

    @Override
    public void add(Instant time, E value) {
        Instant millis = Instant.ofEpochMilli(Times.clamp(Times.millis(Objects.requireNonNull(time))));
        entries.add(new Entry<>(millis, Objects.requireNonNull(value, "a timeline holds no null")));
        entries.sort(Comparator.comparing(Entry::time));
    }

    @Override
    public void dropBefore(Instant time) {
        entries.removeIf(entry -> entry.time().isBefore(time));
    }

    @Override
    public long countSince(Instant time) {
        return since(time).size();
    }

    @Override
    public List<Entry<E>> since(Instant time) {
        return entries.stream().filter(entry -> !entry.time().isBefore(time)).toList();
    }

    @Override
    public List<Entry<E>> list() {
        return List.copyOf(entries);
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public void clear() {
        entries.clear();
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
