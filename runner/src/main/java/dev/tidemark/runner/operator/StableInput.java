package dev.tidemark.runner.operator;

import dev.tidemark.runner.state.Holds;
import dev.tidemark.runner.state.WaitingElements;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.WindowedValue;

/**
 * The elements for a DoFn that must see the same ones each time that it is tried again: none is let through before a checkpoint that
 * contains it is durable. Each holds the output watermark meanwhile. Owned by one task.
 */
final class StableInput {
    private record Waiting(long epoch, WindowedValue<Object> element) {}

    private final WaitingElements<WindowedValue<Object>> rows;
    private final Holds holds;
    private final Queue<WindowedValue<Object>> arrived = new ArrayDeque<>();
    private final Queue<Waiting> awaitingCommit = new ArrayDeque<>();
    private final Queue<WindowedValue<Object>> stable = new ArrayDeque<>();

    /** Takes up what the last committed epoch contains: that is stable. */
    StableInput(WaitingElements<WindowedValue<Object>> rows, Holds holds) {
        this.rows = rows;
        this.holds = holds;
        rows.restore(element -> {
            hold(element);
            stable.add(element);
        });
    }

    private void hold(WindowedValue<?> element) {
        holds.add(element.getTimestamp().getMillis());
    }

    @SuppressWarnings("unchecked") // erased in the plan; the coder is that of the wire it came over
    void add(WindowedValue<?> element) {
        hold(element);
        arrived.add((WindowedValue<Object>) element);
        rows.add((WindowedValue<Object>) element);
    }

    boolean isEmpty() {
        return arrived.isEmpty() && awaitingCommit.isEmpty() && stable.isEmpty();
    }

    /** Whether something has come since the last checkpoint began. */
    boolean awaitsCheckpoint() {
        return !arrived.isEmpty();
    }

    /** Checkpoint {@code epoch} contains what has arrived. */
    void save(long epoch) {
        rows.save();
        for (WindowedValue<Object> element = arrived.poll(); element != null; element = arrived.poll()) {
            awaitingCommit.add(new Waiting(epoch, element));
        }
    }

    /** Checkpoint {@code epoch} is durable, and with it any before. */
    void committed(long epoch) {
        for (Waiting first = awaitingCommit.peek();
                first != null && first.epoch() <= epoch;
                first = awaitingCommit.peek()) {
            awaitingCommit.remove();
            stable.add(first.element());
        }
    }

    /** Lets through what is stable. */
    void release(Consumer<WindowedValue<?>> next) {
        for (WindowedValue<Object> element = stable.poll(); element != null; element = stable.poll()) {
            holds.remove(element.getTimestamp().getMillis());
            rows.remove(element);
            next.accept(element);
        }
    }
}
