package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.KeyGroups;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import dev.tidemark.runner.state.Cells;
import dev.tidemark.runner.state.KeyedLedger;
import dev.tidemark.runner.state.SortBuffer;
import dev.tidemark.runner.state.StateTable;
import dev.tidemark.runner.state.StateTable.WindowTable;
import dev.tidemark.runner.state.TimerEntry;
import dev.tidemark.runner.state.TimerQueue;
import dev.tidemark.runner.state.WaitingElements;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.beam.runners.core.LateDataUtils;
import org.apache.beam.runners.core.StateInternals;
import org.apache.beam.runners.core.StateTag;
import org.apache.beam.runners.core.StateTags;
import org.apache.beam.runners.core.StatefulDoFnRunner;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.State;
import org.apache.beam.sdk.state.StateContexts;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.WindowedValue;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Calls a DoFn that has state or timers: one element, key and window at a time.
 *
 * <p>When the watermark rises, timers and the ends of windows come due in one order of time: a timer at or before a window's
 * expiry fires before the window dies. A window dies with all its keys; that needs no timer per key, because the state table
 * keeps windows by expiry. Where the DoFn wants its input sorted by time, elements take part in the same order: each waits until
 * the watermark, less the allowed lateness, has passed it, because only then can none before it come.
 */
final class StatefulParDoOperator extends FunctionOperator {
    private final Coder<Object> keyCoder;
    private final boolean tellsExpiration;
    private final boolean setsTimers;
    /** How many bytes of memory the state may take, about. */
    private final long memory;

    private final StateTable table;
    private final TimerQueue timers;
    private final KeyedState keyedState;
    private final KeyedTimers keyedTimers;
    private final @Nullable SortBuffer sorted;
    /** Where timers or ends of windows wait for a checkpoint. */
    private @Nullable StableTime stableTime;

    private final Map<String, StateTag<?>> tags = new HashMap<>();
    // The window that was asked about last: elements come in runs.
    private @Nullable BoundedWindow expiryWindow;
    private long expiry;

    @SuppressWarnings("unchecked") // the planner took the coder from the very wire that comes in here
    StatefulParDoOperator(
            Step.StatefulParDo step,
            Wire input,
            PipelineOptions options,
            long memory,
            Map<TupleTag<?>, Receiver> outputs,
            Turn turn,
            StepMetrics metrics) {
        super(step.function(), input, options, outputs, turn, metrics);
        this.keyCoder = (Coder<Object>) step.keyCoder();
        DoFnSignature signature =
                DoFnSignatures.signatureForDoFn(step.function().fn());
        this.tellsExpiration = signature.onWindowExpiration() != null;
        this.setsTimers = !signature.timerDeclarations().isEmpty()
                || !signature.timerFamilyDeclarations().isEmpty();
        this.memory = memory;
        this.table = StateTable.expiringAt(window -> expiry((BoundedWindow) window));
        this.timers = new TimerQueue(holds);
        this.keyedState = new KeyedState(table, holds);
        this.keyedTimers = new KeyedTimers(timers, keyedState, this, turn);
        this.sorted = DoFnSignatures.requiresTimeSortedInput(step.function().fn()) ? new SortBuffer(holds) : null;
    }

    /** The last instant at which the window may still see elements: its end and the allowed lateness, at most the end of time. */
    private long expiry(BoundedWindow window) {
        if (!window.equals(expiryWindow)) {
            expiry = LateDataUtils.garbageCollectionTime(window, input().windowing())
                    .getMillis();
            expiryWindow = window;
        }
        return expiry;
    }

    @Override
    State state(String id, BoundedWindow window) {
        StateTag<?> tag = tags.get(id);
        if (tag == null) {
            throw new IllegalArgumentException("no state " + id + " was declared; there are " + tags.keySet());
        }
        return keyedState.cell(window, Cells.NO_TRIGGER, tag, StateContexts.nullContext());
    }

    @Override
    @Nullable
    ElementTimers elementTimers(DoFn<?, ?> own, DoFnSignature signature) {
        return setsTimers ? new ElementTimers(own, signature, timers, keyedState, keyedTimers, this::expiry) : null;
    }

    @Override
    StateInternals stateInternals() {
        return keyedState;
    }

    @Override
    TimerInternals timerInternals() {
        return keyedTimers;
    }

    @Override
    void process(WindowedValue<?> element) {
        if (element.getWindows().size() == 1) {
            processInWindow(element);
        } else {
            element.explodeWindows().forEach(this::processInWindow);
        }
    }

    private void processInWindow(WindowedValue<?> element) {
        BoundedWindow window = element.getWindows().iterator().next();
        SortBuffer buffer = sorted;
        long lastMoment = buffer == null ? expiry(window) : release(element, window);
        if (lastMoment < inputWatermark()) {
            droppedForLateness().inc();
        } else if (buffer == null) {
            call(element, window);
        } else {
            buffer.add(element, lastMoment);
        }
    }

    /** When an element that is to be sorted can have no predecessor any more: all that come later count as late. */
    private long release(WindowedValue<?> element, BoundedWindow window) {
        long lateness = input().windowing().getAllowedLateness().getMillis();
        long timestamp = element.getTimestamp().getMillis();
        return Math.min(expiry(window), timestamp > Long.MAX_VALUE - lateness ? Long.MAX_VALUE : timestamp + lateness);
    }

    @SuppressWarnings("unchecked") // the pipeline checked that the DoFn takes what the wire carries
    private void call(WindowedValue<?> element, BoundedWindow window) {
        Object key = ((KV<Object, ?>) element.getValue()).getKey();
        Object structuralKey = structural(key);
        keyedState.setKey(key, structuralKey);
        if (tellsExpiration) {
            table.cells(window, structuralKey, key).bePresent();
        } else if (setsTimers) {
            // Also without any state, the window's end must come: timers of the wall clock end with it.
            table.open(window);
        }
        callWith(element);
        sweep();
    }

    /** Beam's own name for it, so that tools which know the direct runner find it. */
    private Counter droppedForLateness() {
        return metrics()
                .live()
                .getCounter(
                        MetricName.named(StatefulDoFnRunner.class, StatefulDoFnRunner.DROPPED_DUE_TO_LATENESS_COUNTER));
    }

    private void sweep() {
        if (!tellsExpiration) {
            keyedState.sweep();
        }
    }

    private @Nullable Object structural(@Nullable Object key) {
        return StateTable.structural(key, keyCoder);
    }

    @Override
    void open() {
        super.open();
        DoFn<?, ?> fn = fn();
        DoFnSignatures.signatureForDoFn(fn).stateDeclarations().forEach((id, declaration) -> {
            try {
                tags.put(id, StateTags.tagForSpec(id, (StateSpec<?>)
                        declaration.field().get(fn)));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("the state " + id + " of " + fn.getClass() + " cannot be read", e);
            }
        });
    }

    @Override
    @SuppressWarnings("unchecked") // the windows of the wire that comes in here
    void restoreState() throws Exception {
        super.restoreState();
        KeyedLedger keyed = new KeyedLedger(
                ledger(),
                (Coder<BoundedWindow>) input().windowing().getWindowFn().windowCoder(),
                keyCoder);
        table.restore(keyed, holds, memory);
        DoFnSignature signature = DoFnSignatures.signatureForDoFn(fn());
        timers.restore(
                keyed,
                id -> signature.timerDeclarations().containsKey(id.name())
                        || signature.timerFamilyDeclarations().containsKey(id.family()));
        timers.all().forEach(timer -> table.open(timer.id().window()));
        if (ledger().isKept() && firesStably(signature)) {
            stableTime = new StableTime(inputWatermark(), Long.MIN_VALUE);
        }
        if (sorted != null && ledger().isKept()) {
            sorted.restore(
                    new WaitingElements<>(ledger(), RowKind.UNSORTED, elementCoder(), this::groupOf),
                    element -> release(element, element.getWindows().iterator().next()));
        }
    }

    /** One method that asks for it is enough: to fire the others later, too, keeps them in order. */
    private static boolean firesStably(DoFnSignature signature) {
        DoFnSignature.OnWindowExpirationMethod expiration = signature.onWindowExpiration();
        return (expiration != null && expiration.requiresStableInput())
                || signature.onTimerMethods().values().stream()
                        .anyMatch(DoFnSignature.OnTimerMethod::requiresStableInput)
                || signature.onTimerFamilyMethods().values().stream()
                        .anyMatch(DoFnSignature.OnTimerFamilyMethod::requiresStableInput);
    }

    @Override
    void committed(long epoch) throws Exception {
        super.committed(epoch);
        table.committed(epoch);
        if (stableTime != null) {
            stableTime.committed(epoch);
        }
    }

    /** Timers that must be the same each time come about only where time, and they themselves, are durable. */
    @Override
    boolean wantsCheckpoint() {
        StableTime stable = stableTime;
        if (stable == null || !hasAllOfItsInput()) {
            return super.wantsCheckpoint();
        }
        TimerEntry first = timers.first(TimeDomain.EVENT_TIME);
        return super.wantsCheckpoint() || stable.isBehind(inputWatermark()) || (first != null && !first.isSaved());
    }

    /** What has not fired yet may still emit. */
    @Override
    long hold() {
        StableTime stable = stableTime;
        return stable == null ? super.hold() : Math.min(super.hold(), stable.watermark());
    }

    private boolean isStable(TimerEntry timer) {
        StableTime stable = stableTime;
        return stable == null || timer.savedIn() <= stable.epoch();
    }

    private long stableWatermark(long watermark) {
        StableTime stable = stableTime;
        return stable == null ? watermark : Math.min(watermark, stable.watermark());
    }

    @Override
    void saveState(long epoch) throws Exception {
        super.saveState(epoch);
        table.freeze(epoch);
        timers.save(epoch);
        if (stableTime != null) {
            stableTime.save(epoch, inputWatermark(), turn.nowMillis());
        }
        if (sorted != null) {
            sorted.save();
        }
    }

    @Override
    @SuppressWarnings("unchecked") // the pipeline checked that what comes in is keyed
    int groupOf(WindowedValue<Object> element) {
        return KeyGroups.groupOf(((KV<Object, ?>) element.getValue()).getKey(), keyCoder);
    }

    @Override
    void watermarkRose(long risen) {
        super.watermarkRose(risen);
        StepMetrics before = turn.enter(metrics());
        doWhatIsDue(stableWatermark(risen));
        turn.leave(before);
    }

    /** Releases, fires and expires what the watermark has passed, in the order of event time. */
    private void doWhatIsDue(long watermark) {
        while (true) {
            TimerEntry timer = timers.first(TimeDomain.EVENT_TIME);
            long timerTime = timer == null ? Long.MAX_VALUE : timer.time();
            long expiry = table.nextExpiry();
            SortBuffer buffer = sorted;
            long release = buffer == null ? Long.MAX_VALUE : buffer.firstRelease();
            if (buffer != null && release <= timerTime && release <= expiry && release < watermark) {
                releaseFirst(buffer);
            } else if (timer != null && timerTime <= expiry && timerTime < watermark) {
                if (!isStable(timer)) {
                    return;
                }
                fire(timer);
            } else if (expiry < watermark) {
                expire();
            } else {
                return;
            }
        }
    }

    @Override
    boolean isOverdue() {
        TimerEntry timer = timers.first(TimeDomain.EVENT_TIME);
        long watermark = stableWatermark(inputWatermark());
        return (timer != null && timer.time() < watermark && isStable(timer))
                || (stableTime != null && table.nextExpiry() < watermark);
    }

    private void releaseFirst(SortBuffer buffer) {
        WindowedValue<?> element = buffer.poll();
        if (element != null) {
            try {
                call(element, element.getWindows().iterator().next());
            } catch (Throwable failure) {
                turn.failedAt(Position.ofElement(element));
                throw failure;
            }
            buffer.released(element);
        }
    }

    private void expire() {
        for (WindowTable dying : table.nextToExpire()) {
            BoundedWindow window = (BoundedWindow) dying.window();
            if (tellsExpiration) {
                table.forEachKey(dying, (structuralKey, key) -> {
                    keyedState.setKey(key, structuralKey);
                    userCode(
                            () -> runnerInBundle().onWindowExpiration(window, window.maxTimestamp(), key),
                            () -> Position.ofEnd(window));
                });
            }
            timers.clearWallClock(window);
            table.remove(dying);
        }
    }

    @Override
    void clockMoved() {
        fireBefore(turn.nowMillis(), TimeDomain.PROCESSING_TIME);
        inputsHaveCome();
    }

    @Override
    void inputsHaveCome() {
        fireBefore(turn.synchronizedMillis(), TimeDomain.SYNCHRONIZED_PROCESSING_TIME);
    }

    private void fireBefore(long now, TimeDomain domain) {
        StepMetrics before = turn.enter(metrics());
        StableTime stable = stableTime;
        long last = stable == null ? now : Math.min(now, stable.millis());
        for (TimerEntry timer = timers.first(domain);
                timer != null && timer.time() < last && isStable(timer);
                timer = timers.first(domain)) {
            fire(timer);
        }
        turn.leave(before);
    }

    private void fire(TimerEntry timer) {
        timers.takeOut(timer);
        BoundedWindow window = (BoundedWindow) timer.id().window();
        // A timer of the wall clock may outlive its window; there is no state left for it to see.
        if (timer.id().domain() == TimeDomain.EVENT_TIME || expiry(window) >= inputWatermark()) {
            keyedState.setKey(timer.key(), timer.id().structuralKey());
            userCode(
                    () -> runnerInBundle()
                            .onTimer(
                                    timer.id().name(),
                                    timer.id().family(),
                                    timer.key(),
                                    window,
                                    Instant.ofEpochMilli(timer.time()),
                                    Instant.ofEpochMilli(timer.outputTime()),
                                    timer.id().domain()),
                    () -> Position.ofTimer(timer, window));
            sweep();
        }
        timers.fired(timer);
    }

    /** Marks what timer callbacks throw as the user's, as the runtime does for elements. */
    private void userCode(Runnable call, Supplier<String> position) {
        try {
            call.run();
        } catch (RuntimeException e) {
            turn.failedAt(position.get());
            throw UserCodeException.wrap(e);
        } catch (Throwable error) {
            turn.failedAt(position.get());
            throw error;
        }
    }

    @Override
    StateTable stateTable() {
        return table;
    }

    @Override
    long timers() {
        return timers.size();
    }

    @Override
    long awaitedOfInputs() {
        return keyedTimers.awaitedOfInputs();
    }

    @Override
    long nextAlarm() {
        long next = Long.MAX_VALUE;
        for (TimeDomain domain :
                new TimeDomain[] {TimeDomain.PROCESSING_TIME, TimeDomain.SYNCHRONIZED_PROCESSING_TIME}) {
            TimerEntry timer = timers.first(domain);
            StableTime stable = stableTime;
            boolean waits = stable != null && timer != null && !(isStable(timer) && timer.time() < stable.millis());
            // What waits for a checkpoint is woken by it; what waits for other tasks, by them.
            if (timer != null
                    && !waits
                    && !(domain == TimeDomain.SYNCHRONIZED_PROCESSING_TIME && turn.waitsForInputs(timer.time()))) {
                next = Math.min(next, timer.time() + 1);
            }
        }
        return next;
    }
}
