package dev.tidemark.runner.operator;

import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.jspecify.annotations.Nullable;

/**
 * What one task counts in one step, and what of it is committed. The task owns it; other threads may read {@link #live} (Beam's
 * cells allow it) and {@link #committed}.
 */
final class StepMetrics {
    /** The values at the barrier of a checkpoint that is not committed yet. */
    private record Marked(long epoch, MetricsContainerImpl values) {}

    private final String step;
    private final MetricsContainerImpl live;
    private final Queue<Marked> marked = new ArrayDeque<>();
    /** Never changes once it is here: another takes its place. */
    private volatile @Nullable MetricsContainerImpl committed;

    StepMetrics(String step) {
        this.step = step;
        this.live = new MetricsContainerImpl(step);
    }

    String step() {
        return step;
    }

    MetricsContainerImpl live() {
        return live;
    }

    @Nullable
    MetricsContainerImpl committed() {
        return committed;
    }

    /** Whatever is counted counts as committed at once. */
    void commitAlways() {
        committed = live;
    }

    /** Keeps the values as they are at the barrier of {@code epoch}; costs next to nothing where none has changed. */
    void mark(long epoch) {
        if (!live.getUpdates().isEmpty()) {
            live.commitUpdates();
            MetricsContainerImpl values = new MetricsContainerImpl(step);
            values.update(live);
            marked.add(new Marked(epoch, values));
        }
    }

    /** Checkpoint {@code epoch} is committed, and with it any before. */
    void committed(long epoch) {
        for (Marked first = marked.peek(); first != null && first.epoch() <= epoch; first = marked.peek()) {
            marked.remove();
            committed = first.values();
        }
    }
}
