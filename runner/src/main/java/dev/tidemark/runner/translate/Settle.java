package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFnSchemaInformation;
import org.apache.beam.sdk.values.TupleTag;

/** Passes on what it gets, once that is in a durable checkpoint: behind it, nothing is decided again after a failure. */
final class Settle extends DoFn<Object, Object> {
    private static final long serialVersionUID = 1L;
    private static final TupleTag<Object> OUTPUT = new TupleTag<>("settled");

    @RequiresStableInput
    @ProcessElement
    public void process(@Element Object element, OutputReceiver<Object> out) {
        out.output(element);
    }

    Step.Function writing(Wire output) {
        return new Step.Function(
                this,
                OUTPUT,
                Map.of(OUTPUT, output.id()),
                Map.of(OUTPUT, output.coder()),
                Map.of(),
                Map.of(),
                DoFnSchemaInformation.create(),
                false,
                null);
    }
}
