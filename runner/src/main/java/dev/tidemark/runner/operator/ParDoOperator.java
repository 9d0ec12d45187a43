package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import java.util.Map;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/** Calls a DoFn that remembers nothing. */
final class ParDoOperator extends FunctionOperator {
    ParDoOperator(
            Step.ParDo step,
            Wire input,
            PipelineOptions options,
            Map<TupleTag<?>, Receiver> outputs,
            Turn turn,
            StepMetrics metrics) {
        super(step.function(), input, options, outputs, turn, metrics);
    }

    @Override
    void process(WindowedValue<?> element) {
        callWith(element);
    }

    @Override
    State state(String id, BoundedWindow window) {
        throw new IllegalStateException("a DoFn without state asked for " + id);
    }

    @Override
    @Nullable
    StateInternals stateInternals() {
        return null;
    }

    @Override
    @Nullable
    TimerInternals timerInternals() {
        return null;
    }
}
