package dev.tidemark.runner.state;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/**
 * Elements that wait until none before them can come. They leave in the order of their release, then of their timestamps, then
 * of their arrival; each holds the output watermark while it is here. Owned by one task.
 */
public final class SortBuffer {
    private record Waiting(long release, long timestamp, long arrival, WindowedValue<?> element) {}

    private static final Comparator<Waiting> ORDER = Comparator.comparingLong(Waiting::release)
            .thenComparingLong(Waiting::timestamp)
            .thenComparingLong(Waiting::arrival);

    private final PriorityQueue<Waiting> queue = new PriorityQueue<>(ORDER);
    private final Holds holds;
    private long arrivals;

    /** @param holds where the elements hold the watermark */
    public SortBuffer(Holds holds) {
        this.holds = holds;
    }

    /** Keeps an element until the watermark has passed {@code release}, in milliseconds. */
    public void add(WindowedValue<?> element, long release) {
        long timestamp = element.getTimestamp().getMillis();
        holds.add(timestamp);
        queue.add(new Waiting(release, timestamp, arrivals++, element));
    }

    /** When the first element is released; {@link Long#MAX_VALUE} when there is none. */
    public long firstRelease() {
        Waiting first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.release();
    }

    /** Takes the first element out; its hold stays until {@link #released}. Null when there is none. */
    public @Nullable WindowedValue<?> poll() {
        Waiting first = queue.poll();
        return first == null ? null : first.element();
    }

    /** An element that was taken out has been processed. */
    public void released(WindowedValue<?> element) {
        holds.remove(element.getTimestamp().getMillis());
    }
}
