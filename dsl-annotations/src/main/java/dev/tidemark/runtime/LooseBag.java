package dev.tidemark.runtime;

import dev.tidemark.Bag;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A {@link Bag} of an initial state, or of a state that is looked at. Tied to no cell, so it lives as long as any object. Not thread-safe. */
public final class LooseBag<E> implements Bag<E> {
    private final List<E> values = new ArrayList<>();

    @Override
    public void add(E value) {
        values.add(Objects.requireNonNull(value, "a bag holds no null"));
    }

    @Override
    public Stream<E> stream() {
        return list().stream();
    }

    @Override
    public List<E> list() {
        return List.copyOf(values);
    }

    @Override
    public Iterator<E> iterator() {
        return list().iterator();
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
        return values.toString();
    }
}
