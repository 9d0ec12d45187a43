package dev.tidemark.runner.state;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.ToLongFunction;
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
    private @Nullable WaitingElements<WindowedValue<Object>> rows;
    private long arrivals;

    /** @param holds where the elements hold the watermark */
    public SortBuffer(Holds holds) {
        this.holds = holds;
    }

    /** Takes up what waits in the last committed epoch, and from now on keeps what changes. The buffer is empty. */
    public void restore(WaitingElements<WindowedValue<Object>> from, ToLongFunction<WindowedValue<?>> releaseOf) {
        from.restore(element -> enqueue(element, releaseOf.applyAsLong(element)));
        rows = from;
    }

    /** Writes what has changed since the last time. */
    public void save() {
        if (rows != null) {
            rows.save();
        }
    }

    /** Keeps an element until the watermark has passed {@code release}, in milliseconds. */
    @SuppressWarnings("unchecked") // erased in the plan; the coder is that of the wire it came over
    public void add(WindowedValue<?> element, long release) {
        enqueue(element, release);
        if (rows != null) {
            rows.add((WindowedValue<Object>) element);
        }
    }

    private void enqueue(WindowedValue<?> element, long release) {
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
    @SuppressWarnings("unchecked") // as above
    public void released(WindowedValue<?> element) {
        holds.remove(element.getTimestamp().getMillis());
        if (rows != null) {
            rows.remove((WindowedValue<Object>) element);
        }
    }
}
