package dev.tidemark.runtime;

import dev.tidemark.Members;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** {@link Members} of an initial state, or of a state that is looked at. In the order in which they were added. Tied to no cell, so it lives as long as any object. Not thread-safe. */
public final class LooseMembers<E> implements Members<E> {
    private final Set<E> values = new LinkedHashSet<>();

    @Override
    public void add(E value) {
        values.add(Objects.requireNonNull(value, "a set of members holds no null"));
    }

    @Override
    public void remove(E value) {
        values.remove(value);
    }

    @Override
    public boolean contains(E value) {
        return values.contains(value);
    }

    @Override
    public List<E> list() {
        return List.copyOf(values);
    }

    @Override
    public boolean isEmpty() {
        return values.isEmpty();
    }

    @Override
    public void clear() {
        values.clear();
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
