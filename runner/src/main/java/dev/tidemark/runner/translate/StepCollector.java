package dev.tidemark.runner.translate;

import dev.tidemark.runner.plan.GroupStrategy;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline.PipelineVisitor;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.IterableCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.io.FileBasedSink;
import org.apache.beam.sdk.io.WriteFiles;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFnSchemaInformation;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.Impulse;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View.CreatePCollectionView;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.DefaultTrigger;
import org.apache.beam.sdk.transforms.windowing.Never;
import org.apache.beam.sdk.transforms.windowing.Trigger;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.util.AppliedCombineFn;
import org.apache.beam.sdk.util.construction.PTransformTranslation;
import org.apache.beam.sdk.util.construction.SplittableParDo.PrimitiveBoundedRead;
import org.apache.beam.sdk.util.construction.SplittableParDo.PrimitiveUnboundedRead;
import org.apache.beam.sdk.util.construction.SplittableParDo.ProcessKeyedElements;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the pipeline and writes down a step for each primitive transform, and for the composites that we run as one. What it
 * cannot run it notes, and goes on, so that the user hears of everything at once.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // Beam's visitor hands out transforms without their types
final class StepCollector extends PipelineVisitor.Defaults {
    private static final Logger LOG = LoggerFactory.getLogger(StepCollector.class);

    /** Whether the job's state is kept in checkpoints. */
    private final boolean keepsState;

    private final List<Step> steps = new ArrayList<>();
    private final Map<Integer, Wire> wires = new LinkedHashMap<>();
    private final Map<PValue, Integer> wireIds = new HashMap<>();
    private final Map<String, Integer> viewWires = new HashMap<>();
    private final List<String> unsupported = new ArrayList<>();
    /** The transforms that write files which the visit is in. */
    private final Deque<WriteFiles<?, ?, ?>> writesOfFiles = new ArrayDeque<>();

    StepCollector(boolean keepsState) {
        this.keepsState = keepsState;
    }

    /** The steps, producers first. */
    List<Step> steps() {
        if (!unsupported.isEmpty()) {
            throw new UnsupportedPipelineException(unsupported);
        }
        return Collections.unmodifiableList(steps);
    }

    Map<Integer, Wire> wires() {
        return Collections.unmodifiableMap(wires);
    }

    @Override
    public void leaveCompositeTransform(Node node) {
        if (node.getTransform() instanceof WriteFiles) {
            writesOfFiles.pop();
        }
    }

    @Override
    public CompositeBehavior enterCompositeTransform(Node node) {
        PTransform<?, ?> transform = node.getTransform();
        if (transform == null) {
            return CompositeBehavior.ENTER_TRANSFORM;
        }
        if (transform instanceof WriteFiles<?, ?, ?> write) {
            writesOfFiles.push(write);
            if (ShardedFiles.namesFilesByTheirPlace(write, node.toAppliedPTransform(getPipeline()))) {
                unsupported(
                        node,
                        "files for windows whose bad records are handled need withNumShards: left to the runner, the second file"
                                + " of a window would get the name of the first");
                return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
            }
        }
        String urn = PTransformTranslation.urnForTransformOrNull(transform);
        if (PTransformTranslation.RESHUFFLE_URN.equals(urn)
                || PTransformTranslation.REDISTRIBUTE_BY_KEY_URN.equals(urn)) {
            redistribute(node);
            return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
        }
        if (transform instanceof Combine.PerKey<?, ?, ?> combine
                && combine.getSideInputs().isEmpty()) {
            combine(node, combine);
            return CompositeBehavior.DO_NOT_ENTER_TRANSFORM;
        }
        return CompositeBehavior.ENTER_TRANSFORM;
    }

    @Override
    public void visitPrimitiveTransform(Node node) {
        PTransform<?, ?> transform = node.getTransform();
        if (transform instanceof Impulse) {
            steps.add(new Step.Impulse(steps.size(), node.getFullName(), onlyOutput(node)));
        } else if (transform instanceof PrimitiveBoundedRead<?> read) {
            steps.add(new Step.BoundedRead(steps.size(), node.getFullName(), read.getSource(), onlyOutput(node)));
        } else if (transform instanceof PrimitiveUnboundedRead<?> read) {
            steps.add(
                    new Step.UnboundedRead(steps.size(), node.getFullName(), read.getSource(), null, onlyOutput(node)));
        } else if (transform instanceof LimitedRead<?> read) {
            steps.add(new Step.UnboundedRead(
                    steps.size(), node.getFullName(), read.source(), read.limit(), onlyOutput(node)));
        } else if (transform instanceof TestStream<?> test) {
            steps.add(new Step.TestEvents(steps.size(), node.getFullName(), (List) test.getEvents(), onlyOutput(node)));
        } else if (transform instanceof ParDo.MultiOutput<?, ?> parDo) {
            parDo(node, parDo);
        } else if (transform instanceof ProcessKeyedElements<?, ?, ?, ?> process) {
            splittableParDo(node, process);
        } else if (transform instanceof GroupByKey) {
            group(node);
        } else if (transform instanceof Window.Assign<?> assign) {
            steps.add(new Step.AssignWindows(
                    steps.size(), node.getFullName(), wire(onlyInput(node)), onlyOutput(node), assign.getWindowFn()));
        } else if (transform instanceof Flatten.PCollections) {
            flatten(node);
        } else if (transform instanceof CreatePCollectionView<?, ?> createView) {
            view(node, createView);
        } else {
            String urn = PTransformTranslation.urnForTransformOrNull(transform);
            unsupported(
                    node,
                    "there is no way to run "
                            + (urn == null ? transform.getClass().getName() : urn));
        }
    }

    private void unsupported(Node node, String why) {
        unsupported.add(node.getFullName() + ": " + why);
        node.getOutputs().values().forEach(this::wire);
    }

    private void group(Node node) {
        PCollection<?> input = onlyInput(node);
        KvCoder<?, ?> coder = (KvCoder<?, ?>) input.getCoder();
        int out = onlyOutput(node);
        // Of what may never end, Beam groups the temporary files by destination, and shuffles nothing after it.
        boolean settles = isOfFiles() && namesTemporaryFiles(coder);
        int grouped = settles ? wireLike(out, "/Grouped") : out;
        int in = settles ? synced(node, wire(input)) : wire(input);
        steps.add(new Step.GroupByKey(
                steps.size(),
                node.getFullName(),
                in,
                grouped,
                coder.getKeyCoder(),
                coder.getValueCoder(),
                null,
                strategy(input)));
        if (settles) {
            settle(node, grouped, out);
        }
    }

    /**
     * Where a job keeps state, the shuffles within {@code WriteFiles} are what Beam takes them for: behind them nothing changes any
     * more. What is to become of which temporary file is decided in front, and done behind, when that is in a durable checkpoint.
     */
    private void redistribute(Node node) {
        PCollection<?> input = onlyInput(node);
        Coder<?> keyCoder = input.getCoder() instanceof KvCoder<?, ?> kv ? kv.getKeyCoder() : null;
        int out = onlyOutput(node);
        int in = isOfFiles() ? synced(node, wire(input)) : wire(input);
        // Those of windows are brought together under one key, and shuffled once more: that will do.
        boolean settles = isOfFiles() && !(keyCoder instanceof VoidCoder) && namesTemporaryFiles(input.getCoder());
        int redistributed = settles ? wireLike(out, "/Redistributed") : out;
        steps.add(new Step.Redistribute(steps.size(), node.getFullName(), in, redistributed, keyCoder));
        if (settles) {
            settle(node, redistributed, out);
        }
    }

    private boolean isOfFiles() {
        return keepsState && !writesOfFiles.isEmpty();
    }

    private int synced(Node node, int in) {
        int synced = wireLike(in, "/Synced");
        steps.add(new Step.SyncFiles(steps.size(), node.getFullName() + "/Sync", in, synced));
        return synced;
    }

    private void settle(Node node, int in, int out) {
        steps.add(new Step.ParDo(steps.size(), node.getFullName() + "/Settle", in, new Settle().writing(wireOf(out))));
    }

    /** Whether what is shuffled says what to make of temporary files; the final names come later, and are shuffled, too. */
    private static boolean namesTemporaryFiles(Coder<?> coder) {
        Coder<?> value = coder instanceof KvCoder<?, ?> kv ? kv.getValueCoder() : coder;
        return value instanceof FileBasedSink.FileResultCoder
                || (value instanceof ListCoder<?> list && list.getElemCoder() instanceof FileBasedSink.FileResultCoder);
    }

    /** A wire of our own that carries what another one carries. */
    private int wireLike(int other, String suffix) {
        Wire like = wireOf(other);
        int id = wires.size();
        wires.put(id, new Wire(id, like.name() + suffix, like.coder(), like.windowing(), like.bounded()));
        return id;
    }

    private Wire wireOf(int id) {
        Wire wire = wires.get(id);
        if (wire == null) {
            throw new IllegalStateException("no wire " + id);
        }
        return wire;
    }

    private void combine(Node node, Combine.PerKey<?, ?, ?> combine) {
        PCollection<KV<Object, Object>> input = (PCollection) onlyInput(node);
        KvCoder<Object, Object> coder = (KvCoder<Object, Object>) input.getCoder();
        AppliedCombineFn<?, ?, ?, ?> applied = AppliedCombineFn.withInputCoder(
                (org.apache.beam.sdk.transforms.CombineFnBase.GlobalCombineFn) combine.getFn(),
                input.getPipeline().getCoderRegistry(),
                coder,
                null,
                input.getWindowingStrategy());
        steps.add(new Step.GroupByKey(
                steps.size(),
                node.getFullName(),
                wire(input),
                onlyOutput(node),
                coder.getKeyCoder(),
                coder.getValueCoder(),
                applied,
                strategy(input)));
    }

    /**
     * What ends is grouped when it has ended, unless a trigger wants something before that, or the groups must be in checkpoints: a
     * table that is on disk already is not.
     */
    private GroupStrategy strategy(PCollection<?> input) {
        Trigger trigger = input.getWindowingStrategy().getTrigger();
        boolean onlyInTheEnd = trigger instanceof DefaultTrigger
                || trigger instanceof AfterWatermark.FromEndOfWindow
                || trigger instanceof Never.NeverTrigger;
        return input.isBounded() == IsBounded.BOUNDED && onlyInTheEnd && !keepsState
                ? GroupStrategy.AT_END_OF_INPUT
                : GroupStrategy.BY_TRIGGER;
    }

    private void flatten(Node node) {
        List<Integer> inputs = new ArrayList<>();
        node.getInputs().values().forEach(input -> inputs.add(wire(input)));
        int output = onlyOutput(node);
        steps.add(
                inputs.isEmpty()
                        ? new Step.Nothing(steps.size(), node.getFullName(), output)
                        : new Step.Flatten(steps.size(), node.getFullName(), inputs, output));
    }

    /** A view is a grouping of everything in a window, and a step that publishes the groups. */
    @SuppressWarnings("deprecation") // deprecated for users, meant for runners
    private void view(Node node, CreatePCollectionView<?, ?> createView) {
        PCollection<?> input = onlyInput(node);
        PCollectionView<?> view = createView.getView();
        int grouped = wires.size();
        wires.put(
                grouped,
                new Wire(
                        grouped,
                        node.getFullName() + "/Group",
                        KvCoder.of(VoidCoder.of(), IterableCoder.of(input.getCoder())),
                        input.getWindowingStrategy(),
                        input.isBounded() == IsBounded.BOUNDED));
        steps.add(new Step.GroupByKey(
                steps.size(),
                node.getFullName() + "/Group",
                wire(input),
                grouped,
                null,
                input.getCoder(),
                null,
                strategy(input)));
        int output = onlyOutput(node);
        viewWires.put(view.getTagInternal().getId(), output);
        steps.add(new Step.View(steps.size(), node.getFullName(), grouped, output, view));
    }

    private void parDo(Node node, ParDo.MultiOutput<?, ?> parDo) {
        DoFn<?, ?> fn = parDo.getFn();
        DoFnSignature signature = DoFnSignatures.signatureForDoFn(fn);
        if (!keepsState && signature.processElement().requiresStableInput()) {
            LOG.info(
                    "{} wants stable input: nothing is replayed in a job without a state directory, so it is",
                    node.getFullName());
        }
        PCollection<?> input = mainInput(node, parDo);
        Step.Function function = function(
                node,
                fn,
                parDo.getMainOutputTag(),
                parDo.getSideInputs(),
                ParDo.getDoFnSchemaInformation((DoFn) fn, input));
        boolean stateful = DoFnSignatures.usesState(fn) || DoFnSignatures.usesTimers(fn);
        if (!stateful) {
            steps.add(new Step.ParDo(steps.size(), node.getFullName(), wire(input), function));
            return;
        }
        if (input.getWindowingStrategy().needsMerge()) {
            unsupported(
                    node,
                    "state and timers need windows that do not merge, and the input's are "
                            + input.getWindowingStrategy().getWindowFn());
            return;
        }
        steps.add(new Step.StatefulParDo(
                steps.size(),
                node.getFullName(),
                wire(input),
                ((KvCoder<?, ?>) input.getCoder()).getKeyCoder(),
                function));
    }

    private void splittableParDo(Node node, ProcessKeyedElements<?, ?, ?, ?> process) {
        Step.Function function = function(
                node,
                process.getFn(),
                process.getMainOutputTag(),
                process.getSideInputMapping(),
                DoFnSchemaInformation.create());
        steps.add(new Step.SplittableParDo(steps.size(), node.getFullName(), wire(mainInput(node, process)), function));
    }

    @SuppressWarnings("deprecation") // deprecated for users, meant for runners
    private Step.Function function(
            Node node,
            DoFn<?, ?> fn,
            TupleTag<?> mainOutput,
            Map<String, ? extends PCollectionView<?>> sideInputs,
            DoFnSchemaInformation schema) {
        Map<TupleTag<?>, Integer> outputWires = new LinkedHashMap<>();
        Map<TupleTag<?>, Coder<?>> outputCoders = new LinkedHashMap<>();
        node.getOutputs().forEach((tag, output) -> {
            outputWires.put(tag, wire(output));
            outputCoders.put(tag, output.getCoder());
        });
        Map<Integer, PCollectionView<?>> views = new LinkedHashMap<>();
        for (PCollectionView<?> view : sideInputs.values()) {
            Integer wire = viewWires.get(view.getTagInternal().getId());
            if (wire == null) {
                throw new IllegalStateException(
                        "side input " + view.getName() + " of " + node.getFullName() + " comes before its view");
            }
            views.put(wire, view);
        }
        return new Step.Function(
                fn,
                mainOutput,
                outputWires,
                outputCoders,
                (Map) sideInputs,
                views,
                schema,
                DoFnSignatures.usesBundleFinalizer(fn),
                isOfFiles() ? writesOfFiles.element().getSink().getTempDirectoryProvider() : null);
    }

    /** The input that is no side input. */
    private static PCollection<?> mainInput(Node node, PTransform<?, ?> transform) {
        @Nullable PCollection<?> main = null;
        for (Map.Entry<TupleTag<?>, PCollection<?>> input : node.getInputs().entrySet()) {
            if (!transform.getAdditionalInputs().containsKey(input.getKey())) {
                main = input.getValue();
            }
        }
        if (main == null) {
            throw new IllegalStateException(node.getFullName() + " has no main input");
        }
        return main;
    }

    private static PCollection<?> onlyInput(Node node) {
        return node.getInputs().values().iterator().next();
    }

    private int onlyOutput(Node node) {
        return wire(node.getOutputs().values().iterator().next());
    }

    private int wire(PCollection<?> collection) {
        Integer known = wireIds.get(collection);
        if (known != null) {
            return known;
        }
        int id = wires.size();
        wireIds.put(collection, id);
        wires.put(
                id,
                new Wire(
                        id,
                        collection.getName(),
                        collection.getCoder(),
                        collection.getWindowingStrategy(),
                        collection.isBounded() == IsBounded.BOUNDED));
        return id;
    }
}
