package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.Step;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.beam.runners.core.SideInputReader;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.schemas.SchemaCoder;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerMap;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.BundleFinalizer;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.reflect.DoFnInvoker;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.splittabledofn.WatermarkEstimator;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.OutputBuilder;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.joda.time.format.PeriodFormat;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@code @ProcessElement} method can ask for, in one object that is made once and told the element before each call:
 * context, arguments and receiver of the main output. Nothing is allocated per element but what the user emits. Owned by one
 * operator; never in use twice at a time, because a stage has no cycles.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // a DoFn's types are erased in the plan; the pipeline checked them
class ElementCall extends DoFn<Object, Object>.ProcessContext
        implements DoFnInvoker.ArgumentProvider<Object, Object>, OutputReceiver<Object>, MultiOutputReceiver {
    private final Step.Function function;
    private final PipelineOptions options;
    private final SideInputReader sideInputs;
    private final BundleFinalizer finalizer;
    private final TupleTag<?> mainTag;
    private final Tagged main;
    private final Map<TupleTag<?>, Tagged> outputs = new HashMap<>();
    private final BiFunction<String, BoundedWindow, State> state;
    private final @Nullable ElementTimers timers;
    private final long skewMillis;
    private WindowedValue<Object> element = WindowedValues.valueInGlobalWindow(new Object());

    /**
     * @param state finds the cell of a state id in a window; for DoFns without state it is never asked
     * @param timers null for DoFns without any
     */
    ElementCall(
            DoFn<Object, Object> fn,
            Step.Function function,
            PipelineOptions options,
            SideInputReader sideInputs,
            BundleFinalizer finalizer,
            Map<TupleTag<?>, Receiver> receivers,
            BiFunction<String, BoundedWindow, State> state,
            @Nullable ElementTimers timers) {
        fn.super();
        this.function = function;
        this.options = options;
        this.sideInputs = sideInputs;
        this.finalizer = finalizer;
        this.state = state;
        this.timers = timers;
        this.mainTag = function.mainOutput();
        receivers.forEach((tag, receiver) -> outputs.put(tag, new Tagged(tag, receiver)));
        this.main = outputs.computeIfAbsent(mainTag, tag -> new Tagged(tag, Receiver.none()));
        this.skewMillis = skew(fn);
    }

    @SuppressWarnings("deprecation") // deprecated for users, who may have overridden it all the same
    private static long skew(DoFn<?, ?> fn) {
        return fn.getAllowedTimestampSkew().getMillis();
    }

    /** Says what the next call is about. */
    void prepare(WindowedValue<?> next) {
        element = (WindowedValue<Object>) next;
    }

    // ---------------------------------------------------------------- outputs

    /** The receiver of one output. */
    private final class Tagged implements OutputReceiver<Object> {
        private final TupleTag<?> tag;
        private final Receiver receiver;

        Tagged(TupleTag<?> tag, Receiver receiver) {
            this.tag = tag;
            this.receiver = receiver;
        }

        @Override
        public OutputBuilder<Object> builder(Object value) {
            return WindowedValues.builder(element).withValue(value).setReceiver(this::emitChecked);
        }

        private void emitChecked(WindowedValue<?> value) {
            check(value.getTimestamp());
            receiver.accept(value);
        }

        @Override
        public void output(Object value) {
            receiver.accept(element.withValue(value));
        }

        @Override
        public void outputWithTimestamp(Object value, Instant timestamp) {
            check(timestamp);
            receiver.accept(WindowedValues.of(value, timestamp, element.getWindows(), element.getPaneInfo()));
        }

        @Override
        public void outputWindowedValue(
                Object value, Instant timestamp, Collection<? extends BoundedWindow> windows, PaneInfo pane) {
            check(timestamp);
            receiver.accept(WindowedValues.of(value, timestamp, windows, pane));
        }

        OutputReceiver<Row> ofRows() {
            Coder<?> coder = function.outputCoders().get(tag);
            if (!(coder instanceof SchemaCoder)) {
                throw new IllegalStateException("output " + tag + " has no schema, so rows cannot be emitted to it");
            }
            SerializableFunction<Row, Object> fromRow = ((SchemaCoder<Object>) coder).getFromRowFunction();
            return new OutputReceiver<>() {
                @Override
                public OutputBuilder<Row> builder(Row row) {
                    return WindowedValues.builder(element)
                            .withValue(row)
                            .setReceiver(value -> emitChecked(value.withValue(fromRow.apply(value.getValue()))));
                }
            };
        }
    }

    /** Whether an output may have that timestamp; where not, throws. */
    void check(Instant timestamp) {
        if (!isAllowed(timestamp.getMillis())) {
            throw notAllowed("Cannot output with timestamp " + timestamp);
        }
    }

    /** As {@link #check}, of what a timer may emit. */
    void checkOutputTime(long millis) {
        if (!isAllowed(millis)) {
            throw notAllowed("Cannot output timer with output timestamp " + Instant.ofEpochMilli(millis));
        }
    }

    private boolean isAllowed(long at) {
        long base = element.getTimestamp().getMillis();
        long earliest = skewMillis >= base - BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
                ? BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()
                : base - skewMillis;
        return at >= earliest && at <= BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();
    }

    /** As Beam words it: other runners say the same. */
    private IllegalArgumentException notAllowed(String what) {
        return new IllegalArgumentException(what
                + ". Output timestamps must be no earlier than the timestamp of the current input or timer ("
                + element.getTimestamp() + ") minus the allowed skew (" + skewText() + ") and no later than "
                + BoundedWindow.TIMESTAMP_MAX_VALUE
                + ". See the DoFn#getAllowedTimestampSkew() Javadoc for details on changing the allowed skew.");
    }

    private String skewText() {
        return skewMillis >= Integer.MAX_VALUE
                ? Duration.millis(skewMillis).toString()
                : PeriodFormat.getDefault().print(Duration.millis(skewMillis).toPeriod());
    }

    private Tagged tagged(TupleTag<?> tag) {
        Tagged found = outputs.get(tag);
        if (found == null) {
            throw new IllegalArgumentException("Unknown output tag " + tag + "; this step has " + outputs.keySet());
        }
        return found;
    }

    @Override
    public OutputBuilder<Object> builder(Object value) {
        return main.builder(value);
    }

    @Override
    public void output(Object value) {
        main.output(value);
    }

    @Override
    public void outputWithTimestamp(Object value, Instant timestamp) {
        main.outputWithTimestamp(value, timestamp);
    }

    @Override
    public void outputWindowedValue(
            Object value, Instant timestamp, Collection<? extends BoundedWindow> windows, PaneInfo pane) {
        main.outputWindowedValue(value, timestamp, windows, pane);
    }

    @Override
    public <T> void output(TupleTag<T> tag, T value) {
        tagged(tag).output(value);
    }

    @Override
    public <T> void outputWithTimestamp(TupleTag<T> tag, T value, Instant timestamp) {
        tagged(tag).outputWithTimestamp(value, timestamp);
    }

    @Override
    public <T> void outputWindowedValue(
            TupleTag<T> tag, T value, Instant timestamp, Collection<? extends BoundedWindow> windows, PaneInfo pane) {
        tagged(tag).outputWindowedValue(value, timestamp, windows, pane);
    }

    @Override
    public <T> OutputReceiver<T> get(TupleTag<T> tag) {
        return (OutputReceiver<T>) tagged(tag);
    }

    @Override
    public <T> OutputReceiver<Row> getRowReceiver(TupleTag<T> tag) {
        return tagged(tag).ofRows();
    }

    @Override
    public OutputReceiver<Object> outputReceiver(DoFn<Object, Object> fn) {
        return main;
    }

    @Override
    public OutputReceiver<Row> outputRowReceiver(DoFn<Object, Object> fn) {
        return main.ofRows();
    }

    @Override
    public MultiOutputReceiver taggedOutputReceiver(DoFn<Object, Object> fn) {
        return this;
    }

    // ---------------------------------------------------------------- the element

    @Override
    public Object element() {
        return element.getValue();
    }

    @Override
    public Object element(DoFn<Object, Object> fn) {
        return element.getValue();
    }

    @Override
    public Object schemaElement(int index) {
        SerializableFunction<Object, Object> converter = (SerializableFunction<Object, Object>)
                function.schema().getElementConverters().get(index);
        return converter.apply(element.getValue());
    }

    @Override
    public Instant timestamp() {
        return element.getTimestamp();
    }

    @Override
    public Instant timestamp(DoFn<Object, Object> fn) {
        return element.getTimestamp();
    }

    @Override
    public PaneInfo pane() {
        return element.getPaneInfo();
    }

    @Override
    public PaneInfo paneInfo(DoFn<Object, Object> fn) {
        return element.getPaneInfo();
    }

    @Override
    public @Nullable String currentRecordId() {
        return element.getRecordId();
    }

    @Override
    public @Nullable Long currentRecordOffset() {
        return element.getRecordOffset();
    }

    @Override
    public BoundedWindow window() {
        return element.getWindows().iterator().next();
    }

    @Override
    public ElementCall processContext(DoFn<Object, Object> fn) {
        return this;
    }

    // ---------------------------------------------------------------- around it

    @Override
    public PipelineOptions getPipelineOptions() {
        return options;
    }

    @Override
    public PipelineOptions pipelineOptions() {
        return options;
    }

    @Override
    public <T> T sideInput(PCollectionView<T> view) {
        if (!sideInputs.contains(view)) {
            throw new IllegalArgumentException("calling sideInput() with unknown view: this step has not declared "
                    + SideInputs.tag(view) + " by withSideInputs()");
        }
        return sideInputs.get(view, view.getWindowMappingFn().getSideInputWindow(window()));
    }

    @Override
    public @Nullable Object sideInput(String name) {
        PCollectionView<?> view = function.sideInputs().get(name);
        if (view == null) {
            throw new IllegalArgumentException("no side input " + name + "; there are "
                    + function.sideInputs().keySet());
        }
        return sideInput(view);
    }

    @Override
    public BundleFinalizer bundleFinalizer() {
        return finalizer;
    }

    @Override
    public State state(String stateId, boolean alwaysFetched) {
        return state.apply(stateId, window());
    }

    @Override
    public Timer timer(String timerId) {
        return timers().timer(timerId, this);
    }

    @Override
    public TimerMap timerFamily(String familyId) {
        return timers().family(familyId, this);
    }

    private ElementTimers timers() {
        ElementTimers ready = timers;
        if (ready == null) {
            throw not("a timer");
        }
        return ready;
    }

    // ---------------------------------------------------------------- what an element does not have

    private static UnsupportedOperationException not(String what) {
        return new UnsupportedOperationException(what + " cannot be a parameter of @ProcessElement here");
    }

    @Override
    public Object key() {
        throw not("a key");
    }

    @Override
    public String timerId(DoFn<Object, Object> fn) {
        throw not("a timer id");
    }

    @Override
    public TimeDomain timeDomain(DoFn<Object, Object> fn) {
        throw not("a time domain");
    }

    @Override
    public DoFn<Object, Object>.StartBundleContext startBundleContext(DoFn<Object, Object> fn) {
        throw not("a StartBundleContext");
    }

    @Override
    public DoFn<Object, Object>.FinishBundleContext finishBundleContext(DoFn<Object, Object> fn) {
        throw not("a FinishBundleContext");
    }

    @Override
    public DoFn<Object, Object>.OnTimerContext onTimerContext(DoFn<Object, Object> fn) {
        throw not("an OnTimerContext");
    }

    @Override
    public Object restriction() {
        throw not("a restriction");
    }

    @Override
    public RestrictionTracker<?, ?> restrictionTracker() {
        throw not("a RestrictionTracker");
    }

    @Override
    public Object watermarkEstimatorState() {
        throw not("a watermark estimator's state");
    }

    @Override
    public WatermarkEstimator<?> watermarkEstimator() {
        throw not("a WatermarkEstimator");
    }
}
