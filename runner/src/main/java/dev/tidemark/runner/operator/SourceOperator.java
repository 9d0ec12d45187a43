package dev.tidemark.runner.operator;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.values.WindowedValue;

/** A step that brings elements in. It is asked for them; nobody sends it any. */
abstract class SourceOperator extends Operator {
    /** What came of a request to read. */
    enum Progress {
        /** The budget is used up, or the outbox is full: there may be more at once. */
        MORE,
        /** Nothing to read now; look again at {@link #nextAlarm}. */
        IDLE,
        /** Nothing to read ever again. */
        ENDED
    }

    /** Reads at most {@code budget} elements, while {@code hasRoom} says so. */
    abstract Progress read(int budget, BooleanSupplier hasRoom) throws Exception;

    /** No element before this will be read, in milliseconds. */
    abstract long sourceWatermark();

    /**
     * Takes part in checkpoint {@code epoch}: a row per split, named {@code source/<step>/<split>}, with its mark as the
     * source's own coder writes it. The operator keeps the original marks to finalize them.
     */
    Map<String, byte[]> mark(long epoch) throws Exception {
        return Map.of();
    }

    /** Checkpoint {@code epoch} is committed: acknowledges what it contains. */
    void committed(long epoch) throws Exception {}

    @Override
    public void accept(WindowedValue<?> element) {
        throw new IllegalStateException("a source takes no elements");
    }
}
