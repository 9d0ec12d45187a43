package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.TaskAware;
import dev.tidemark.runner.plan.Wire;
import dev.tidemark.runner.state.Holds;
import dev.tidemark.runner.state.ViewContent;
import dev.tidemark.runner.state.Views;
import dev.tidemark.runner.state.WaitingElements;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.core.DoFnRunner;
import org.apache.beam.runners.core.DoFnRunners;
import org.apache.beam.runners.core.InMemoryBundleFinalizer;
import org.apache.beam.runners.core.InMemoryBundleFinalizer.Finalization;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.StepContext;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.runners.core.metrics.MonitoringInfoConstants;
import org.apache.beam.runners.core.metrics.MonitoringInfoMetricName;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.BundleFinalizer;
import org.apache.beam.sdk.transforms.reflect.DoFnInvoker;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.util.SystemDoFnInternal;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.util.WindowedValueMultiReceiver;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.jspecify.annotations.Nullable;

/**
 * What stateless and stateful ParDos share: a DoFn of their own, its outputs, its side inputs, its bundles.
 *
 * <p>An element whose side inputs are not known yet is pushed back: it waits here, holds the watermark at its timestamp, also for this
 * step itself, and is tried again when a side input moves. Elements of other windows pass it.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // a DoFn's types are erased in the plan; the pipeline checked them
abstract class FunctionOperator extends Operator {
    final Step.Function function;
    private final Wire input;
    final PipelineOptions options;
    private final StepMetrics metrics;
    /** Beam's own name of the number of elements that came in. */
    private final MetricName elementCount;

    final Map<TupleTag<?>, Receiver> outputs;
    private final Receiver mainOutput;
    private final TupleTag<?> mainTag;
    final SideInputs sideInputs;
    private final boolean hasSideInputs;
    private List<WindowedValue<?>> pushedBack = new ArrayList<>();
    private @Nullable WaitingElements<WindowedValue<Object>> pushedBackRows;
    private @Nullable ViewRows viewRows;
    private @Nullable StableInput stableInput;
    final InMemoryBundleFinalizer finalizer = new InMemoryBundleFinalizer();
    private final List<PendingFinalization> pendingFinalizations = new ArrayList<>();
    private @Nullable DoFn<Object, Object> fn;
    private @Nullable DoFnRunner<Object, Object> runner;
    private @Nullable ElementCall call;
    private @Nullable DoFnInvoker<Object, Object> invoker;
    private boolean seesWindow;
    private boolean isBeamsOwn;
    private boolean bundleOpen;
    private long elements;

    final Turn turn;
    final Views views = new Views();
    final Holds holds = new Holds();
    /** The times of the elements that wait for side inputs, or for a checkpoint. */
    private final Holds waiting = new Holds();

    /** A callback of a bundle that is part of checkpoint {@code epoch}. */
    private record PendingFinalization(long epoch, Finalization callback) {}

    FunctionOperator(
            Step.Function function,
            Wire input,
            PipelineOptions options,
            Map<TupleTag<?>, Receiver> outputs,
            Turn turn,
            StepMetrics metrics) {
        this.function = function;
        this.input = input;
        this.options = options;
        this.outputs = Map.copyOf(outputs);
        this.mainTag = function.mainOutput();
        this.mainOutput = outputs.getOrDefault(mainTag, Receiver.none());
        this.turn = turn;
        this.metrics = metrics;
        this.elementCount = MonitoringInfoMetricName.named(
                MonitoringInfoConstants.Urns.ELEMENT_COUNT,
                Map.of(MonitoringInfoConstants.Labels.PCOLLECTION, input.name()));
        this.sideInputs = new SideInputs(views, function.viewWires().values());
        this.hasSideInputs = !sideInputs.isEmpty();
    }

    abstract @Nullable StateInternals stateInternals();

    abstract @Nullable TimerInternals timerInternals();

    /** Gives the DoFn an element whose side inputs are all there. */
    abstract void process(WindowedValue<?> element);

    /** What the DoFn's elements may set; null where it has no timers. */
    @Nullable
    ElementTimers elementTimers(DoFn<?, ?> own, DoFnSignature signature) {
        return null;
    }

    /** The cell of a state id, for the current key. Asked only by DoFns that have state. */
    abstract State state(String id, BoundedWindow window);

    @Override
    void open() {
        DoFn own = (DoFn) SerializableUtils.clone(function.fn());
        fn = own;
        if (own instanceof TaskAware aware) {
            aware.inTask(turn.shard());
        }
        DoFnInvokers.tryInvokeSetupFor(own, options);
        List<TupleTag<?>> additional = new ArrayList<>(function.outputWires().keySet());
        additional.remove(mainTag);
        DoFnSignature signature = DoFnSignatures.signatureForDoFn(own);
        seesWindow = hasSideInputs || signature.processElement().observesWindow();
        DoFnInvoker<Object, Object> reflecting = DoFnInvokers.invokerFor(own);
        invoker = reflecting;
        isBeamsOwn = reflecting.getClass().isAnnotationPresent(SystemDoFnInternal.class);
        call = new ElementCall(
                own, function, options, sideInputs, finalizer, outputs, this::state, elementTimers(own, signature));
        runner = DoFnRunners.simpleRunner(
                options,
                own,
                sideInputs,
                new Outputs(),
                (TupleTag) mainTag,
                additional,
                new Context(),
                (org.apache.beam.sdk.coders.Coder) input.coder(),
                new HashMap<>(function.outputCoders()),
                input.windowing(),
                function.schema(),
                function.sideInputs());
    }

    private final class Outputs implements WindowedValueMultiReceiver {
        @Override
        @SuppressWarnings("ReferenceEquality") // a short cut for the usual case; an equal tag is found below
        public <T> void output(TupleTag<T> tag, WindowedValue<T> value) {
            if (tag == mainTag) {
                mainOutput.accept(value);
                return;
            }
            Receiver receiver = outputs.get(tag);
            if (receiver == null) {
                throw new IllegalArgumentException("unknown output " + tag + "; this step has " + outputs.keySet());
            }
            receiver.accept(value);
        }
    }

    private final class Context implements StepContext {
        @Override
        @SuppressWarnings("NullAway") // asked for only by DoFns that have state
        public @Nullable StateInternals stateInternals() {
            return FunctionOperator.this.stateInternals();
        }

        @Override
        @SuppressWarnings("NullAway") // asked for only by DoFns that have timers
        public @Nullable TimerInternals timerInternals() {
            return FunctionOperator.this.timerInternals();
        }

        @Override
        public BundleFinalizer bundleFinalizer() {
            return finalizer;
        }
    }

    /** Calls the DoFn with an element, inside a bundle; once for each of its windows where the DoFn looks at them. */
    final void callWith(WindowedValue<?> element) {
        runnerInBundle();
        ElementCall direct = call;
        if (direct == null) {
            throw new IllegalStateException("not open");
        }
        if (seesWindow && element.getWindows().size() > 1) {
            element.explodeWindows().forEach(inOneWindow -> call(direct, inOneWindow));
        } else {
            call(direct, element);
        }
    }

    private void call(ElementCall direct, WindowedValue<?> element) {
        DoFnInvoker<Object, Object> ready = invoker;
        if (ready == null) {
            throw new IllegalStateException("not open");
        }
        direct.prepare(element);
        try {
            ready.invokeProcessElement(direct);
        } catch (Exception e) {
            throw thrownByFn(e);
        }
    }

    /** What to throw for what a call of the DoFn threw: marked as the user's, unless the DoFn is Beam's own. */
    final RuntimeException thrownByFn(Exception e) {
        return UserCodeException.wrapIf(!isBeamsOwn, e);
    }

    /** The DoFn's runner, inside a bundle. */
    final DoFnRunner<Object, Object> runnerInBundle() {
        DoFnRunner<Object, Object> ready = runner;
        if (ready == null) {
            throw new IllegalStateException("not open");
        }
        if (!bundleOpen) {
            bundleOpen = true;
            ready.startBundle();
        }
        return ready;
    }

    @Override
    public final void accept(WindowedValue<?> element) {
        elements++;
        StableInput stable = stableInput;
        if (stable == null) {
            tryToProcess(element);
        } else {
            stable.add(element);
        }
    }

    private void tryToProcess(WindowedValue<?> element) {
        StepMetrics before = turn.enter(metrics);
        try {
            if (hasSideInputs) {
                acceptWhenReady(element);
            } else {
                process(element);
            }
        } catch (Throwable failure) {
            turn.failedAt(Position.ofElement(element));
            throw failure;
        }
        turn.leave(before);
    }

    private void acceptWhenReady(WindowedValue<?> element) {
        boolean allReady = true;
        for (BoundedWindow window : element.getWindows()) {
            allReady &= sideInputs.areReady(window);
        }
        if (allReady) {
            process(element);
            return;
        }
        for (WindowedValue<?> inOneWindow : element.explodeWindows()) {
            if (sideInputs.areReady(inOneWindow.getWindows().iterator().next())) {
                process(inOneWindow);
            } else {
                pushBack(inOneWindow);
                if (pushedBackRows != null) {
                    pushedBackRows.add((WindowedValue<Object>) inOneWindow);
                }
            }
        }
    }

    private void pushBack(WindowedValue<?> inOneWindow) {
        pushedBack.add(inOneWindow);
        waiting.add(inOneWindow.getTimestamp().getMillis());
    }

    /** The coder of what comes in, with its time, windows and pane. */
    final Coder<WindowedValue<Object>> elementCoder() {
        return (Coder) WindowedValues.getFullCoder(
                (Coder) input.coder(), input.windowing().getWindowFn().windowCoder());
    }

    /** The key group of an element that waits here; negative where it has no key. */
    int groupOf(WindowedValue<Object> element) {
        return -1;
    }

    @Override
    void restoreState() throws Exception {
        if (DoFnSignatures.signatureForDoFn(fn()).processElement().requiresStableInput()) {
            stableInput = new StableInput(
                    new WaitingElements<>(ledger(), RowKind.UNSTABLE, elementCoder(), this::groupOf), waiting);
        }
        if (hasSideInputs) {
            WaitingElements<WindowedValue<Object>> rows =
                    new WaitingElements<>(ledger(), RowKind.PUSHED_BACK, elementCoder(), this::groupOf);
            rows.restore(this::pushBack);
            pushedBackRows = rows;
            viewRows = new ViewRows(ledger(), function.viewWires());
            viewRows.restore(views::put);
        }
    }

    /** Takes a pane of a side input. */
    final void sideInputCame(String tag, ViewContent content) {
        views.put(tag, content);
        if (viewRows != null && turn.shard() == 0) {
            // Every task has the same ones.
            viewRows.came(tag, content);
        }
    }

    /** Learns how far a side input has come. */
    final void sideInputAdvanced(String tag, long watermark) {
        views.advance(tag, watermark);
    }

    @Override
    boolean wantsCheckpoint() {
        StableInput stable = stableInput;
        return stable != null && hasAllOfItsInput() && stable.awaitsCheckpoint();
    }

    /** Processes what has become stable, and tries what was pushed back once more. */
    final void retryPushedBack() {
        StableInput stable = stableInput;
        if (stable != null) {
            stable.release(this::tryToProcess);
        }
        if (pushedBack.isEmpty()) {
            return;
        }
        List<WindowedValue<?>> tried = pushedBack;
        pushedBack = new ArrayList<>();
        for (WindowedValue<?> element : tried) {
            if (sideInputs.areReady(element.getWindows().iterator().next())) {
                waiting.remove(element.getTimestamp().getMillis());
                if (pushedBackRows != null) {
                    pushedBackRows.remove((WindowedValue<Object>) element);
                }
                tryToProcess(element);
            } else {
                pushedBack.add(element);
            }
        }
    }

    /** Whether elements wait here for side inputs. */
    final boolean hasPushedBack() {
        return !pushedBack.isEmpty();
    }

    @Override
    void watermarkRose(long watermark) {
        if (hasSideInputs && pushedBack.isEmpty() && (stableInput == null || stableInput.isEmpty())) {
            sideInputs.forgetBefore(watermark, allowedLateness(), (tag, window) -> {
                if (viewRows != null && turn.shard() == 0) {
                    viewRows.forgotten(tag, window);
                }
            });
        }
    }

    private long allowedLateness() {
        return input.windowing().getAllowedLateness().getMillis();
    }

    @Override
    long firstWaiting() {
        return waiting.minimum();
    }

    @Override
    long hold() {
        return holds.minimum();
    }

    @Override
    final void finishBundle() {
        DoFnRunner<Object, Object> open = runner;
        if (bundleOpen && open != null) {
            StepMetrics before = turn.enter(metrics);
            try {
                open.finishBundle();
            } catch (Throwable failure) {
                turn.failedAt("the end of a bundle");
                throw failure;
            }
            turn.leave(before);
            bundleOpen = false;
        }
        if (elements > 0) {
            metrics.live().getCounter(elementCount).inc(elements);
            elements = 0;
        }
    }

    final DoFn<Object, Object> fn() {
        DoFn<Object, Object> own = fn;
        if (own == null) {
            throw new IllegalStateException("not open");
        }
        return own;
    }

    final StepMetrics metrics() {
        return metrics;
    }

    final Wire input() {
        return input;
    }

    /** What the bundles before checkpoint {@code epoch} asked to be told is now waiting for that checkpoint. */
    @Override
    void saveState(long epoch) throws Exception {
        if (pushedBackRows != null) {
            pushedBackRows.save();
        }
        if (viewRows != null) {
            if (viewRows.hasForgotten()) {
                long slowest = slowestCommitted();
                viewRows.removeForgotten(tag -> sideInputs.neededFrom(tag, slowest, allowedLateness()));
            }
            viewRows.save();
        }
        if (stableInput != null) {
            stableInput.save(epoch);
        }
        for (Finalization callback : finalizer.getAndClearFinalizations()) {
            pendingFinalizations.add(new PendingFinalization(epoch, callback));
        }
    }

    /** Tells the DoFn that its bundles are durable, unless that comes after the time it named. */
    @Override
    void committed(long epoch) throws Exception {
        if (stableInput != null) {
            stableInput.committed(epoch);
        }
        List<PendingFinalization> due = new ArrayList<>();
        pendingFinalizations.removeIf(pending -> pending.epoch() <= epoch && due.add(pending));
        for (PendingFinalization pending : due) {
            if (pending.callback().getExpiryTime().isAfter(turn.now())) {
                pending.callback().getCallback().onBundleSuccess();
            }
        }
    }

    @Override
    void close() throws Exception {
        DoFn own = fn;
        fn = null;
        if (own != null) {
            DoFnInvokers.invokerFor(own).invokeTeardown();
        }
    }
}
