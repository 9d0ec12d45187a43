package dev.tidemark.runner.operator;

import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/** A step that brings elements in. It is asked for them; nobody sends it any. */
abstract class SourceOperator extends Operator {
    /** What came of a request to read. */
    enum Progress {
        /** The budget or the time is used up, or the outbox is full: there may be more at once. */
        MORE,
        /** Nothing to read now; look again at {@link #nextAlarm}. */
        IDLE,
        /** Nothing to read ever again. */
        ENDED
    }

    /** Reads at most {@code budget} elements, while {@code mayReadOn} says so. */
    abstract Progress read(int budget, BooleanSupplier mayReadOn) throws Exception;

    /** How far it has read, in words; null where that says nothing. */
    @Nullable
    String readSoFar() {
        return null;
    }

    /** No element before this will be read, in milliseconds. */
    abstract long sourceWatermark();

    @Override
    public void accept(WindowedValue<?> element) {
        throw new IllegalStateException("a source takes no elements");
    }
}
