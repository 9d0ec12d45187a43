package dev.tidemark.runner.plan;

import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.ValueProvider;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFnSchemaInformation;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.util.AppliedCombineFn;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * One primitive transform of the pipeline. A plan is nothing but these, so whoever switches over the family sees all there
 * is to run.
 */
public sealed interface Step {
    /** Unique in its plan; producers have smaller ids than their consumers. */
    int id();

    /** The transform's full name, as Beam prints it. */
    String name();

    /** The wires whose elements this step takes in; side inputs are not among them. */
    List<Integer> inputs();

    /** The wires this step fills. */
    List<Integer> outputs();

    /** A step without inputs: it begins a stage. */
    sealed interface Source extends Step {
        int output();

        @Override
        default List<Integer> inputs() {
            return List.of();
        }

        @Override
        default List<Integer> outputs() {
            return List.of(output());
        }
    }

    /** A step with one wire in and one out. */
    sealed interface Through extends Step {
        int input();

        int output();

        @Override
        default List<Integer> inputs() {
            return List.of(input());
        }

        @Override
        default List<Integer> outputs() {
            return List.of(output());
        }
    }

    /** One empty byte array at the beginning of time. */
    record Impulse(int id, String name, int output) implements Source {}

    /** A bounded source: it ends. */
    record BoundedRead(int id, String name, BoundedSource<?> source, int output) implements Source {}

    /**
     * An unbounded source: it ends when its reader's watermark reaches the end of time, or at its limit.
     *
     * @param limit how much of it to read; null for all
     */
    record UnboundedRead(
            int id,
            String name,
            UnboundedSource<?, ?> source,
            @Nullable ReadLimit limit,
            int output) implements Source {}

    /**
     * How much of an unbounded source is read, so that what comes out is bounded.
     *
     * @param records so many at most, over all splits
     * @param millis for so long at most
     */
    record ReadLimit(long records, long millis) {}

    /** The events of a {@code TestStream}: played one at a time, each when everything else has come to rest. */
    record TestEvents(int id, String name, List<TestStream.Event<?>> events, int output) implements Source {
        public TestEvents {
            events = List.copyOf(events);
        }
    }

    /** A wire that nothing fills, such as the flatten of no inputs: it is over at once. */
    record Nothing(int id, String name, int output) implements Source {}

    /**
     * What every step that calls a DoFn has. The DoFn is data here; only {@code operator} calls it.
     *
     * @param sideInputs the views by the name under which the DoFn asks for them
     * @param viewWires the same views by the wire that brings their content
     * @param finalizesBundles whether the DoFn may ask to be told once a bundle is durable
     * @param temporaryFiles the directory beside the output in which the DoFn writes files that have no name yet; null where it writes none
     */
    record Function(
            DoFn<?, ?> fn,
            TupleTag<?> mainOutput,
            Map<TupleTag<?>, Integer> outputWires,
            Map<TupleTag<?>, Coder<?>> outputCoders,
            Map<String, PCollectionView<?>> sideInputs,
            Map<Integer, PCollectionView<?>> viewWires,
            DoFnSchemaInformation schema,
            boolean finalizesBundles,
            @Nullable ValueProvider<ResourceId> temporaryFiles) {
        public Function {
            outputWires = Map.copyOf(outputWires);
            outputCoders = Map.copyOf(outputCoders);
            sideInputs = Map.copyOf(sideInputs);
            viewWires = Map.copyOf(viewWires);
        }

        /** The same for another copy of the DoFn. */
        public Function with(DoFn<?, ?> copy) {
            return new Function(
                    copy,
                    mainOutput,
                    outputWires,
                    outputCoders,
                    sideInputs,
                    viewWires,
                    schema,
                    finalizesBundles,
                    temporaryFiles);
        }
    }

    /** A step that calls a DoFn. */
    sealed interface Call extends Step {
        int input();

        Function function();

        @Override
        default List<Integer> inputs() {
            return List.of(input());
        }

        @Override
        default List<Integer> outputs() {
            return List.copyOf(function().outputWires().values());
        }
    }

    /** A ParDo without state or timers. */
    record ParDo(int id, String name, int input, Function function) implements Call {}

    /** A ParDo with state or timers: its input is keyed, and a key is always processed by the same task. */
    record StatefulParDo(int id, String name, int input, Coder<?> keyCoder, Function function) implements Call {}

    /**
     * The processing of a splittable DoFn. What comes in has been paired, split, and put into one window: {@code KV} of a
     * random key, which nothing here looks at, and a {@code KV} of the element and a restriction.
     */
    record SplittableParDo(int id, String name, int input, Function function) implements Call {}

    /**
     * Groups by key and window, and combines where {@code combine} is there.
     *
     * @param keyCoder the key's coder; null to group everything under one key, as side inputs need
     * @param valueCoder the coder of one grouped value
     * @param strategy how it finds out when a group is complete
     */
    record GroupByKey(
            int id,
            String name,
            int input,
            int output,
            @Nullable Coder<?> keyCoder,
            Coder<?> valueCoder,
            @Nullable AppliedCombineFn<?, ?, ?, ?> combine,
            GroupStrategy strategy)
            implements Through {}

    /** Puts each element into the windows that the function gives it. */
    record AssignWindows(int id, String name, int input, int output, WindowFn<?, ?> windowFn) implements Through {}

    /** Several wires become one; a wire that is named twice is there twice. */
    record Flatten(int id, String name, List<Integer> inputs, int output) implements Step {
        public Flatten {
            inputs = List.copyOf(inputs);
        }

        @Override
        public List<Integer> outputs() {
            return List.of(output);
        }
    }

    /** A shuffle that changes nothing: value, timestamp, windows and pane stay as they are. */
    record Redistribute(
            int id,
            String name,
            int input,
            int output,
            @Nullable Coder<?> keyCoder) implements Through {}

    /** Makes the files durable that its elements name; these stay as they are. Only in jobs that keep state. */
    record SyncFiles(int id, String name, int input, int output) implements Through {}

    /** Publishes each pane of its (grouped) input as the content of a side input. */
    record View(int id, String name, int input, int output, PCollectionView<?> view) implements Through {}
}
