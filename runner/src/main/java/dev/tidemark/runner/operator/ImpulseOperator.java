package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.time.Watermarks;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.values.WindowedValues;

/** Emits one empty byte array at the beginning of time, and is over; or, for a wire that nothing fills, is over at once. */
final class ImpulseOperator extends SourceOperator {
    private final Receiver output;
    private boolean due;
    private boolean emitted;

    ImpulseOperator(Receiver output, boolean emits) {
        this.output = output;
        this.due = emits;
    }

    @Override
    Progress read(int budget, BooleanSupplier mayReadOn) {
        if (due) {
            due = false;
            emitted = true;
            output.accept(WindowedValues.valueInGlobalWindow(new byte[0]));
        }
        return Progress.ENDED;
    }

    @Override
    void restoreState() {
        due &= ledger().get(RowKind.SPLIT, 0, new byte[0]) == null;
    }

    @Override
    void saveState(long epoch) {
        if (emitted) {
            emitted = false;
            ledger().put(RowKind.SPLIT, 0, new byte[0], new byte[0]);
        }
    }

    @Override
    long sourceWatermark() {
        return due ? Watermarks.MIN : Watermarks.MAX;
    }
}
