package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import java.util.Map;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.apache.beam.sdk.options.PipelineOptions;
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
            MetricsContainerImpl metrics) {
        super(step.function(), input, options, outputs, turn, metrics);
    }

    @Override
    @SuppressWarnings("unchecked") // the pipeline checked that the DoFn takes what the wire carries
    void process(WindowedValue<?> element) {
        runnerInBundle().processElement((WindowedValue<Object>) element);
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
