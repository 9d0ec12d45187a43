package dev.tidemark.runner.flow;

import dev.tidemark.runner.time.Watermarks;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/**
 * Elements that travel together, and the watermark after them where it rose with them: nobody sees the elements of a pane without
 * knowing that it was the last one. Filled by the sending task, then handed over; the receiving task only reads it.
 */
public final class Batch implements Signal {
    private final @Nullable WindowedValue<?>[] elements;
    private int size;
    private long watermark = Watermarks.MIN;

    Batch(int capacity) {
        elements = new WindowedValue<?>[capacity];
    }

    /** Adds one element. Returns whether the batch is now full. */
    boolean add(WindowedValue<?> element) {
        elements[size++] = element;
        return size == elements.length;
    }

    /** Says which watermark follows the elements. */
    void followedBy(long millis) {
        watermark = millis;
    }

    /** The watermark after the elements: {@link Watermarks#MIN} where they say nothing of it. */
    long watermark() {
        return watermark;
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
