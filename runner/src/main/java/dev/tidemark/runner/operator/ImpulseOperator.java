package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.time.Watermarks;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.values.WindowedValues;

/** Emits one empty byte array at the beginning of time, and is over; or, for a wire that nothing fills, is over at once. */
final class ImpulseOperator extends SourceOperator {
    private final Receiver output;
    private boolean due;

    ImpulseOperator(Receiver output, boolean emits) {
        this.output = output;
        this.due = emits;
    }

    @Override
    Progress read(int budget, BooleanSupplier hasRoom) {
        if (due) {
            due = false;
            output.accept(WindowedValues.valueInGlobalWindow(new byte[0]));
        }
        return Progress.ENDED;
    }

    @Override
    long sourceWatermark() {
        return due ? Watermarks.MIN : Watermarks.MAX;
    }
}
