package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Inbox;
import dev.tidemark.runner.flow.Outbox;
import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.GroupStrategy;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.plan.Stage;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.state.StateTable;
import dev.tidemark.runner.state.StepLedger;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.state.ViewContent;
import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/**
 * The operators of one task, wired: the steps of a stage, each calling the next. Owned by the task.
 *
 * <p>Watermarks move through the chain in the order of the steps, producers first, and only between bundles: a step's bundle
 * is finished before its consumers learn of a higher watermark, because what a bundle emits belongs before it.
 */
public final class OperatorChain {
    /** A step at work, with where its watermark comes from and where its output's goes. */
    private record Link(
            Step step,
            Operator operator,
            StepMetrics metrics,
            StepLedger ledger,
            List<LongSupplier> upstream,
            List<Outbox.Port> downstream) {}

    /** Something that is done with each operator, in the name of its step. */
    private interface Call {
        void to(Operator operator) throws Exception;
    }

    /** A side input that enters here. */
    private record ViewEntry(FunctionOperator operator, String tag, Inbox.Entry entry) {}

    private final Plan plan;
    private final RunOptions options;
    /** How many bytes of memory the state of one step may take, about. */
    private final long shareOfMemory;

    private final Turn turn;
    private final OutputFiles outputFiles;
    private final LongConsumer moveClock;
    private final List<Link> links = new ArrayList<>();
    private final List<ElementChecks> elementChecks = new ArrayList<>();
    /** What steps remember of keys. */
    private final List<StateTable> tables = new ArrayList<>();

    private final Map<Integer, Link> byStep = new HashMap<>();
    private final Map<Inbox.Entry, ViewEntry> views = new LinkedHashMap<>();
    private final @Nullable SourceOperator source;

    /**
     * Builds the operators of a stage for one task.
     *
     * @param moveClock where a {@code TestStream} sets the clock, in milliseconds
     * @param ports the edges that leave the stage, by the wire they carry
     */
    public OperatorChain(
            Plan plan,
            Stage stage,
            int shard,
            RunOptions options,
            SourceSplits splits,
            JobMetrics metrics,
            Turn turn,
            LongConsumer moveClock,
            TaskLedger ledger,
            OutputFiles outputFiles,
            Map<Integer, List<Outbox.Port>> ports) {
        this.plan = plan;
        this.outputFiles = outputFiles;
        this.options = options;
        this.shareOfMemory = options.stateMemoryBytes() / Math.max(1, plan.sharesOfMemory(options.keepsState()));
        this.turn = turn;
        this.moveClock = moveClock;
        Map<Integer, List<Receiver>> consumers = new HashMap<>();
        ports.forEach((wire, out) -> consumers.put(wire, new ArrayList<>(out)));
        List<Step> steps = stage.steps();
        // Consumers first: an operator is given its receivers when it is made.
        for (int i = steps.size() - 1; i >= 0; i--) {
            Step step = steps.get(i);
            StepMetrics stepMetrics = metrics.of(step.name());
            StepLedger stepLedger = ledger.step(ledgerName(step));
            Operator operator = operator(step, stage, shard, splits, stepMetrics, consumers);
            operator.keepIn(stepLedger);
            for (int wire : step.inputs()) {
                // A step that takes the same wire twice gets each element twice.
                consumers.computeIfAbsent(wire, id -> new ArrayList<>()).add(0, operator);
            }
            List<Outbox.Port> downstream = new ArrayList<>();
            step.outputs().forEach(wire -> downstream.addAll(ports.getOrDefault(wire, List.of())));
            Link link = new Link(step, operator, stepMetrics, stepLedger, new ArrayList<>(), downstream);
            links.add(0, link);
            byStep.put(step.id(), link);
            StateTable table = operator.stateTable();
            if (table != null) {
                tables.add(0, table);
            }
        }
        for (Link producer : links) {
            for (Link consumer : links) {
                if (consumer.step().inputs().stream().anyMatch(producer.step().outputs()::contains)) {
                    consumer.upstream().add(producer.operator()::outputWatermark);
                }
            }
        }
        Operator first = links.get(0).operator();
        this.source = first instanceof SourceOperator reading ? reading : null;
        if (source != null) {
            links.get(0).upstream().add(source::sourceWatermark);
        }
    }

    /**
     * Has Beam generate the code by which it calls the plan's functions, where it has not yet. It keeps that for the process: who runs the
     * plan then finds it there, and who does not wait for this generates it.
     */
    public static void generateCalls(Plan plan) {
        for (Stage stage : plan.stages()) {
            for (Step step : stage.steps()) {
                if (step instanceof Step.Call call) {
                    DoFnInvokers.invokerFor(call.function().fn());
                }
            }
        }
    }

    /** Some transforms are several steps: each has a part of the ledger. */
    public static String ledgerName(Step step) {
        return step.getClass().getSimpleName() + " " + step.name();
    }

    private Operator operator(
            Step step,
            Stage stage,
            int shard,
            SourceSplits splits,
            StepMetrics counting,
            Map<Integer, List<Receiver>> consumers) {
        // Java 17 has no pattern switch: this chain is the one place that must name every step.
        if (step instanceof Step.Impulse impulse) {
            return new ImpulseOperator(checked(consumers, impulse, impulse.output()), shard == 0);
        } else if (step instanceof Step.TestEvents test) {
            return new TestStreamOperator(test.events(), checked(consumers, test, test.output()), turn, moveClock);
        } else if (step instanceof Step.Nothing nothing) {
            return new ImpulseOperator(receiver(consumers, nothing.output()), false);
        } else if (step instanceof Step.BoundedRead read) {
            return new BoundedReadOperator(
                    splits.ofTask(step.id(), shard, stage.shards()),
                    options.pipelineOptions(),
                    checked(consumers, read, read.output()),
                    turn,
                    counting);
        } else if (step instanceof Step.UnboundedRead read) {
            return new UnboundedReadOperator(
                    splits.ofTask(step.id(), shard, stage.shards()),
                    splits.limitOfEach(read),
                    read.limit() != null,
                    options.pipelineOptions(),
                    checked(consumers, read, read.output()),
                    turn,
                    counting);
        } else if (step instanceof Step.ParDo parDo) {
            return new ParDoOperator(
                    TemporaryFiles.inOwnDirectory(parDo, outputFiles.temporaryName()),
                    plan.wire(parDo.input()),
                    options.pipelineOptions(),
                    receivers(consumers, parDo, parDo.function()),
                    turn,
                    counting);
        } else if (step instanceof Step.StatefulParDo parDo) {
            return new StatefulParDoOperator(
                    parDo,
                    plan.wire(parDo.input()),
                    options.pipelineOptions(),
                    shareOfMemory,
                    receivers(consumers, parDo, parDo.function()),
                    turn,
                    counting);
        } else if (step instanceof Step.SplittableParDo parDo) {
            return new SplittableParDoOperator(
                    parDo,
                    plan.wire(parDo.input()),
                    options.pipelineOptions(),
                    options.turnElements(),
                    receivers(consumers, parDo, parDo.function()),
                    turn,
                    counting);
        } else if (step instanceof Step.GroupByKey group && group.strategy() == GroupStrategy.AT_END_OF_INPUT) {
            return new BoundedGroupOperator(
                    group,
                    plan.wire(group.input()),
                    shareOfMemory,
                    options.turnElements(),
                    checked(consumers, group, group.output()),
                    turn,
                    counting);
        } else if (step instanceof Step.GroupByKey group) {
            return new TriggeredGroupOperator(
                    group,
                    plan.wire(group.input()),
                    options.pipelineOptions(),
                    shareOfMemory,
                    checked(consumers, group, group.output()),
                    turn,
                    counting);
        } else if (step instanceof Step.AssignWindows assign) {
            return new AssignWindowsOperator(assign.windowFn(), receiver(consumers, assign.output()));
        } else if (step instanceof Step.Flatten flatten) {
            return new PassOnOperator(receiver(consumers, flatten.output()));
        } else if (step instanceof Step.SyncFiles files) {
            return new SyncFilesOperator(outputFiles, receiver(consumers, files.output()));
        } else if (step instanceof Step.Redistribute redistribute) {
            return new PassOnOperator(receiver(consumers, redistribute.output()));
        } else if (step instanceof Step.View view) {
            return new ViewOperator(view.view(), receiver(consumers, view.output()));
        }
        throw new IllegalStateException("no operator for " + step);
    }

    private static Receiver receiver(Map<Integer, List<Receiver>> consumers, int wire) {
        return Receiver.all(consumers.getOrDefault(wire, List.of()));
    }

    private Map<TupleTag<?>, Receiver> receivers(
            Map<Integer, List<Receiver>> consumers, Step step, Step.Function function) {
        Map<TupleTag<?>, Receiver> receivers = new HashMap<>();
        function.outputWires().forEach((tag, wire) -> receivers.put(tag, checked(consumers, step, wire)));
        return receivers;
    }

    /** Who takes what the step emits, behind checks where the options ask for them. */
    private Receiver checked(Map<Integer, List<Receiver>> consumers, Step step, int wire) {
        Receiver receiver = receiver(consumers, wire);
        if (!options.enforces()) {
            return receiver;
        }
        ElementChecks checks = new ElementChecks(step.name(), plan.wire(wire).coder(), receiver);
        elementChecks.add(checks);
        return checks;
    }

    /** Lets an edge's elements in at its step. */
    public void connect(Inbox.Entry entry, int wire) {
        Link link = link(entry.toStep());
        if (link.operator() instanceof FunctionOperator function
                && !link.step().inputs().contains(wire)) {
            views.put(entry, new ViewEntry(function, viewTag(link.step(), wire), entry));
        } else {
            link.upstream().add(entry::watermark);
        }
    }

    private static String viewTag(Step step, int wire) {
        PCollectionView<?> view = ((Step.Call) step).function().viewWires().get(wire);
        if (view == null) {
            throw new IllegalStateException(step.name() + " has no side input on wire " + wire);
        }
        return SideInputs.tag(view);
    }

    private Link link(int step) {
        Link link = byStep.get(step);
        if (link == null) {
            throw new IllegalArgumentException("no step " + step + " in this stage");
        }
        return link;
    }

    /** Sets every DoFn up. */
    public void open() throws Exception {
        call(operator -> {
            operator.open();
            operator.restore();
        });
        links.forEach(link -> link.metrics().restore(link.ledger()));
    }

    private void call(Call call) throws Exception {
        for (Link link : links) {
            StepMetrics before = turn.enter(link.metrics());
            call.to(link.operator());
            turn.leave(before);
        }
    }

    /** Takes one element that came in over {@code entry}. */
    public void accept(Inbox.Entry entry, WindowedValue<?> element) {
        ViewEntry view = views.get(entry);
        if (view != null) {
            view.operator().sideInputCame(view.tag(), (ViewContent) element.getValue());
            return;
        }
        try {
            link(entry.toStep()).operator().accept(element);
        } catch (Throwable failure) {
            turn.failedAt(Position.ofElement(element));
            throw failure;
        }
    }

    /** Whether the chain begins with a source. */
    public boolean hasSource() {
        return source != null;
    }

    /** Lets the source read. Returns whether it may have more at once. */
    public boolean read(int budget, BooleanSupplier mayReadOn) throws Exception {
        if (source == null) {
            throw new IllegalStateException("no source here");
        }
        try {
            return source.read(budget, mayReadOn) == SourceOperator.Progress.MORE;
        } catch (Throwable failure) {
            String read = source.readSoFar();
            if (read != null) {
                turn.failedWhenRead(read);
            }
            throw failure;
        }
    }

    /** Lets nothing more in from outside; what is under way comes to its end. */
    public void drain() {
        links.forEach(link -> link.operator().drain());
    }

    /** Whether nothing is to be brought in from outside for a while. */
    public void pause(boolean paused) {
        links.forEach(link -> link.operator().pause(paused));
    }

    /** Fires timers of the wall clock that are due at this turn's time. Returns whether any operator had some. */
    public boolean clockMoved() {
        boolean any = false;
        for (Link link : links) {
            if (link.operator().nextAlarm() <= turn.nowMillis()) {
                link.operator().clockMoved();
                any = true;
            }
        }
        return any;
    }

    /** Ends the bundle of every operator. */
    public void finishBundle() {
        for (Link link : links) {
            link.operator().finishBundle();
        }
        elementChecks.forEach(ElementChecks::finishBundle);
    }

    /** Ends the bundle, then lets the watermarks that rose through, firing what they make due. */
    public void finishBundleAndAdvance() {
        for (ViewEntry view : views.values()) {
            view.operator().sideInputAdvanced(view.tag(), view.entry().watermark());
        }
        for (Link link : links) {
            if (link.operator() instanceof FunctionOperator function) {
                function.retryPushedBack();
            }
            link.operator().advance(smallest(link.upstream()));
            for (Outbox.Port port : link.downstream()) {
                port.raise(link.operator().outputWatermark());
            }
        }
        elementChecks.forEach(ElementChecks::finishBundle);
    }

    private static long smallest(List<LongSupplier> watermarks) {
        long smallest = Watermarks.MAX;
        for (LongSupplier each : watermarks) {
            smallest = Math.min(smallest, each.getAsLong());
        }
        return smallest;
    }

    /** The clocks of the tasks before this one have come further, as the turn says. */
    public void inputsHaveCome() {
        links.forEach(link -> link.operator().inputsHaveCome());
    }

    /** As {@link Operator#awaitedOfInputs}: the earliest time of all. */
    public long awaitedOfInputs() {
        long awaited = Long.MAX_VALUE;
        for (Link link : links) {
            awaited = Math.min(awaited, link.operator().awaitedOfInputs());
        }
        return awaited;
    }

    /** When {@link #clockMoved} or the source next has something to do, or {@link Long#MAX_VALUE}. */
    public long nextAlarm() {
        long next = Long.MAX_VALUE;
        for (Link link : links) {
            next = Math.min(next, link.operator().nextAlarm());
        }
        return next;
    }

    /** How far the chain has come. Costs a look at every window: when somebody asks, not every turn. */
    public Gauge gauge() {
        long elementsRead = 0;
        long watermark = Watermarks.MAX;
        long keys = 0;
        long timers = 0;
        for (Link link : links) {
            keys += link.operator().keys();
            elementsRead += link.operator().elementsRead();
            watermark = Math.min(watermark, link.operator().outputWatermark());
            timers += link.operator().timers();
        }
        return new Gauge(elementsRead, watermark, keys, timers);
    }

    /** Whether a checkpoint should begin: so that there is room in memory while it is committed, or because all else is done. */
    public boolean wantsCheckpoint() {
        for (StateTable table : tables) {
            if (table.wantsCheckpoint()) {
                return true;
            }
        }
        for (Link link : links) {
            if (link.operator().wantsCheckpoint()) {
                return true;
            }
        }
        return false;
    }

    /** Whether more would not fit into memory, before the next checkpoint is committed. */
    public boolean isFull() {
        for (StateTable table : tables) {
            if (table.isFull()) {
                return true;
            }
        }
        return false;
    }

    /** Whether every watermark has reached the end of time: nothing will ever be emitted again. */
    public boolean isFinished() {
        for (Link link : links) {
            if (link.operator().outputWatermark() < Watermarks.MAX) {
                return false;
            }
        }
        return true;
    }

    /** Whether something of the checkpoint that {@link #mark} was called for is still to be written. */
    public boolean isSaving() {
        for (StateTable table : tables) {
            if (table.isSaving()) {
                return true;
            }
        }
        return false;
    }

    /** Writes a part of that: of so many keys of each step. */
    public void saveSome(int keys) {
        tables.forEach(table -> table.saveSome(keys));
    }

    /**
     * Brings some more into memory of what was there at the start: so many keys of each step. Returns whether there is more, and room for
     * it.
     */
    public boolean loadSome(int keys) {
        boolean more = false;
        for (StateTable table : tables) {
            table.loadSome(keys);
            more |= table.isLoading();
        }
        return more;
    }

    /**
     * Takes part in checkpoint {@code epoch}: what has changed goes into the ledger, or belongs to it and is written by and by ({@link
     * #saveSome}). The bundle has been finished.
     */
    public void mark(long epoch) throws Exception {
        links.forEach(link -> link.metrics().mark(epoch, link.ledger()));
        call(operator -> operator.mark(epoch));
    }

    /** Checkpoint {@code epoch} is committed: acknowledges sources, and calls bundle finalizers. */
    public void committed(long epoch) throws Exception {
        links.forEach(link -> link.metrics().committed(epoch));
        call(operator -> operator.committed(epoch));
    }

    /** Closes every operator, whatever the others do; reports the first failure, with the rest attached. */
    public void close() throws Exception {
        Exception failure = null;
        for (Link link : links) {
            try {
                link.operator().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
