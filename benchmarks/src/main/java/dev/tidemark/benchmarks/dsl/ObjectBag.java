package dev.tidemark.benchmarks.dsl;

import java.util.ArrayList;
import java.util.List;

/** A bag that keeps the objects. Not thread-safe. */
final class ObjectBag<T> extends PlainBag<T> {
    private final List<T> elements = new ArrayList<>();

    @Override
    public void add(T value) {
        elements.add(value);
    }

    @Override
    public Iterable<T> read() {
        return elements;
    }

    @Override
    public void clear() {
        elements.clear();
    }
}
