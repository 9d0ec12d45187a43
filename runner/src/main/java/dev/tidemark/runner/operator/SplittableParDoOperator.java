package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.operator.SplittableCall.Residual;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import dev.tidemark.runner.state.WaitingElements;
import dev.tidemark.runner.time.Watermarks;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker.TruncateResult;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.jspecify.annotations.Nullable;

/**
 * Processes the restrictions of a splittable DoFn, each a part at a time.
 *
 * <p>An element that comes in is not processed but put into a queue, and so is what a call leaves to be done: the queue is by
 * time, and first come, first served among what is due. A turn takes from it until it has lasted long enough; so a restriction
 * without end shares the task with others and lets watermarks and barriers through. What is in the queue holds the watermark:
 * at the element's timestamp at first, then where the DoFn's own estimator puts it.
 */
@SuppressWarnings("unchecked") // a DoFn's types are erased in the plan; the pipeline checked them
final class SplittableParDoOperator extends FunctionOperator {
    /** After this long in one turn a claim is the last of its call. Long enough that readers are not reopened all the time. */
    private static final long LONGEST_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** No hold is higher: what is pending keeps the end of time away, whatever the estimator says. */
    private static final long HIGHEST_HOLD = Watermarks.MAX - 1;

    /** An element with what is left of its restriction. */
    private record Pending(
            WindowedValue<Object> element,
            @Nullable Object restriction,
            @Nullable Object estimatorState,
            boolean begun,
            boolean truncated,
            long hold,
            long due,
            long sequence) {
        Pending dueAt(long time, long place) {
            return new Pending(element, restriction, estimatorState, begun, truncated, hold, time, place);
        }
    }

    private final int mostElements;
    private final PriorityQueue<Pending> pending =
            new PriorityQueue<>(Comparator.comparingLong(Pending::due).thenComparingLong(Pending::sequence));
    private @Nullable WaitingElements<Pending> rows;
    private long sequence;
    private long elementsRead;
    private boolean drains;
    private boolean paused;
    private @Nullable SplittableCall call;

    /** @param mostElements after this many claims and outputs in one turn a claim is the last of its call */
    SplittableParDoOperator(
            Step.SplittableParDo step,
            Wire input,
            PipelineOptions options,
            int mostElements,
            Map<TupleTag<?>, Receiver> outputs,
            Turn turn,
            StepMetrics metrics) {
        super(step.function(), input, options, outputs, turn, metrics);
        this.mostElements = mostElements;
    }

    @Override
    void open() {
        super.open();
        Map<TupleTag<?>, Receiver> observed = new HashMap<>();
        outputs.forEach((tag, receiver) -> observed.put(tag, element -> {
            call().emitting(element);
            elementsRead++;
            receiver.accept(element);
        }));
        call = new SplittableCall(
                fn(),
                DoFnInvokers.invokerFor(fn()),
                function,
                options,
                sideInputs,
                finalizer,
                observed,
                this::isEnoughForATurn,
                turn::lastedNanos,
                LONGEST_TURN_NANOS);
    }

    private SplittableCall call() {
        SplittableCall ready = call;
        if (ready == null) {
            throw new IllegalStateException("not open");
        }
        return ready;
    }

    @Override
    void process(WindowedValue<?> element) {
        KV<?, KV<Object, Object>> keyed = (KV<?, KV<Object, Object>>) element.getValue();
        add(
                element.withValue(keyed.getValue().getKey()),
                keyed.getValue().getValue(),
                null,
                false,
                false,
                element.getTimestamp().getMillis(),
                turn.nowMillis());
    }

    private void add(
            WindowedValue<Object> element,
            @Nullable Object restriction,
            @Nullable Object estimatorState,
            boolean begun,
            boolean truncated,
            long watermark,
            long due) {
        long hold = Math.min(watermark, HIGHEST_HOLD);
        Pending waiting = new Pending(element, restriction, estimatorState, begun, truncated, hold, due, sequence++);
        enqueue(waiting);
        if (rows != null) {
            rows.add(waiting);
        }
    }

    private void enqueue(Pending waiting) {
        holds.add(waiting.hold());
        pending.add(waiting);
    }

    @Override
    void restoreState() throws Exception {
        super.restoreState();
        WaitingElements<Pending> left =
                new WaitingElements<>(ledger(), RowKind.RESTRICTION, pendingCoder(), waiting -> -1);
        left.restore(waiting -> {
            sequence = Math.max(sequence, waiting.sequence() + 1);
            enqueue(waiting);
        });
        rows = left;
    }

    @Override
    void saveState(long epoch) throws Exception {
        super.saveState(epoch);
        if (rows != null) {
            rows.save();
        }
    }

    @SuppressWarnings("rawtypes") // erased in the plan
    private Coder<Pending> pendingCoder() {
        KvCoder<?, KvCoder<Object, Object>> keyed = (KvCoder) input().coder();
        KvCoder<Object, Object> coder = (KvCoder) keyed.getValueCoder();
        Coder<WindowedValue<Object>> element = (Coder) WindowedValues.getFullCoder(
                coder.getKeyCoder(), (Coder) input().windowing().getWindowFn().windowCoder());
        Coder<Object> estimatorState =
                DoFnInvokers.invokerFor(fn()).invokeGetWatermarkEstimatorStateCoder(CoderRegistry.createDefault());
        return new PendingCoder(element, coder.getValueCoder(), NullableCoder.of(estimatorState));
    }

    /** What waits, as a row has it: the time at which it goes on is that of the wall clock. */
    private static final class PendingCoder extends CustomCoder<Pending> {
        private static final long serialVersionUID = 1L;

        private final Coder<WindowedValue<Object>> element;
        private final Coder<Object> restriction;
        private final Coder<Object> estimatorState;

        PendingCoder(Coder<WindowedValue<Object>> element, Coder<Object> restriction, Coder<Object> estimatorState) {
            this.element = element;
            this.restriction = restriction;
            this.estimatorState = estimatorState;
        }

        @Override
        public void encode(Pending value, OutputStream out) throws IOException {
            element.encode(value.element(), out);
            restriction.encode(value.restriction(), out);
            estimatorState.encode(value.estimatorState(), out);
            DataOutputStream data = new DataOutputStream(out);
            data.writeBoolean(value.begun());
            data.writeBoolean(value.truncated());
            data.writeLong(value.hold());
            data.writeLong(value.due());
            data.writeLong(value.sequence());
        }

        @Override
        public Pending decode(InputStream in) throws IOException {
            WindowedValue<Object> of = element.decode(in);
            Object rest = restriction.decode(in);
            Object estimated = estimatorState.decode(in);
            DataInputStream data = new DataInputStream(in);
            return new Pending(
                    of,
                    rest,
                    estimated,
                    data.readBoolean(),
                    data.readBoolean(),
                    data.readLong(),
                    data.readLong(),
                    data.readLong());
        }
    }

    @Override
    void clockMoved() {
        StepMetrics before = turn.enter(metrics());
        call().startCounting();
        for (Pending next = pending.peek();
                next != null && next.due() <= turn.nowMillis();
                next = isTurnLongEnough() ? null : pending.peek()) {
            pending.remove();
            if (rows != null) {
                rows.remove(next);
            }
            processPart(next);
        }
        turn.leave(before);
    }

    @Override
    void pause(boolean pause) {
        paused = pause;
    }

    /** What waits for a while is due at once: what is left of it is to come to its end. */
    @Override
    void drain() {
        if (drains) {
            return;
        }
        drains = true;
        for (Pending each : List.copyOf(pending)) {
            if (each.due() > turn.nowMillis()) {
                pending.remove(each);
                Pending due = each.dueAt(turn.nowMillis(), sequence++);
                pending.add(due);
                if (rows != null) {
                    rows.remove(each);
                    rows.add(due);
                }
            }
        }
    }

    private boolean isTurnLongEnough() {
        return isEnoughForATurn() || turn.lastedNanos() >= LONGEST_TURN_NANOS;
    }

    private boolean isEnoughForATurn() {
        return call().done() >= mostElements;
    }

    private void processPart(Pending work) {
        runnerInBundle();
        Residual rest = null;
        boolean truncated = work.truncated() || drains;
        try {
            Object restriction = work.restriction();
            boolean nothing = false;
            if (drains && !work.truncated()) {
                TruncateResult<?> left = call().truncate(work.element(), restriction);
                nothing = left == null;
                restriction = left == null ? null : left.getTruncatedRestriction();
            }
            if (!nothing) {
                Object estimatorState =
                        work.begun() ? work.estimatorState() : call().firstEstimatorState(work.element(), restriction);
                rest = call().process(work.element(), restriction, estimatorState);
            }
        } catch (Exception e) {
            failedAt(work);
            throw thrownByFn(e);
        } catch (Throwable error) {
            failedAt(work);
            throw error;
        }
        holds.remove(work.hold());
        if (rest != null) {
            // The estimator may have been made anew, and know less than what was promised before.
            long watermark = Math.max(work.hold(), rest.watermark().getMillis());
            add(
                    work.element(),
                    rest.restriction(),
                    rest.estimatorState(),
                    true,
                    truncated,
                    watermark,
                    turn.nowMillis() + rest.delayMillis());
        }
    }

    private void failedAt(Pending work) {
        turn.failedAt(Position.ofElement(work.element()));
        turn.failedWhenRead(Position.claimed(work.restriction(), call().claimed()));
    }

    /** What is pending may still ask for side inputs of windows that the input has left behind. */
    @Override
    void watermarkRose(long watermark) {
        if (pending.isEmpty()) {
            super.watermarkRose(watermark);
        }
    }

    @Override
    long elementsRead() {
        return elementsRead;
    }

    @Override
    long nextAlarm() {
        return pending.isEmpty() || paused ? Long.MAX_VALUE : pending.element().due();
    }

    @Override
    State state(String id, BoundedWindow window) {
        throw new IllegalStateException("a splittable DoFn has no state, but asked for " + id);
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
