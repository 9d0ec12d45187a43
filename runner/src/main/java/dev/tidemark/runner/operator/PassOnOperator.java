package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import org.apache.beam.sdk.values.WindowedValue;

/** Passes elements on as they are: where wires join (flatten), and behind a shuffle. */
final class PassOnOperator extends Operator {
    private final Receiver output;

    PassOnOperator(Receiver output) {
        this.output = output;
    }

    @Override
    public void accept(WindowedValue<?> element) {
        output.accept(element);
    }
}
