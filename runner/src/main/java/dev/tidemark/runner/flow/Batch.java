package dev.tidemark.runner.flow;

import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/** Elements that travel together. Filled by the sending task, then handed over; the receiving task only reads it. */
public final class Batch implements Signal {
    private final @Nullable WindowedValue<?>[] elements;
    private int size;

    Batch(int capacity) {
        elements = new WindowedValue<?>[capacity];
    }

    /** Adds one element. Returns whether the batch is now full. */
    boolean add(WindowedValue<?> element) {
        elements[size++] = element;
        return size == elements.length;
    }

    public int size() {
        return size;
    }

    /** The element at {@code index}, which is below {@link #size()}. Gives it away: the batch forgets it. */
    public WindowedValue<?> take(int index) {
        WindowedValue<?> element = elements[index];
        if (element == null) {
            throw new IllegalStateException("element " + index + " of " + size + " was taken already");
        }
        elements[index] = null;
        return element;
    }

    @Override
    public Kind kind() {
        return Kind.BATCH;
    }
}
