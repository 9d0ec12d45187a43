package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import dev.tidemark.runner.state.Holds;
import dev.tidemark.runner.state.KeyedLedger;
import dev.tidemark.runner.state.StateTable;
import dev.tidemark.runner.state.TimerEntry;
import dev.tidemark.runner.state.TimerQueue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.beam.model.pipeline.v1.RunnerApi;
import org.apache.beam.runners.core.LateDataUtils;
import org.apache.beam.runners.core.ReduceFnRunner;
import org.apache.beam.runners.core.StateNamespaces;
import org.apache.beam.runners.core.SystemReduceFn;
import org.apache.beam.runners.core.TimerInternals.TimerData;
import org.apache.beam.runners.core.triggers.ExecutableTriggerStateMachine;
import org.apache.beam.runners.core.triggers.TriggerStateMachines;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VoidCoder;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.AppliedCombineFn;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.util.construction.TriggerTranslation;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.apache.beam.sdk.values.WindowingStrategy;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Groups, or combines, by key and window, under any window function and trigger: Beam's own {@code ReduceFnRunner} decides,
 * over our state and timers.
 *
 * <p>The elements of a bundle are gathered per key first, because that runner is made anew for each call.
 */
@SuppressWarnings({"unchecked", "rawtypes"
}) // keys, values and windows are erased in the plan; the pipeline checked them
final class TriggeredGroupOperator extends Operator {
    /** Elements gathered at most before they are grouped, even if the bundle goes on. */
    private static final int GATHER = 4096;

    private record Gathered(@Nullable Object key, List<WindowedValue<Object>> values) {}

    private final WindowingStrategy<?, BoundedWindow> windowing;
    private final Coder<BoundedWindow> windowCoder;
    private final @Nullable Coder<Object> keyCoder;
    private final PipelineOptions options;
    private final Receiver output;
    private final Turn turn;
    private final StepMetrics metrics;
    private final RunnerApi.Trigger trigger;
    private final SystemReduceFn reduce;
    private final Holds holds = new Holds();
    /** Triggers' timers hold nothing: what the watermark must wait for, the runner enters into {@link #holds} itself. */
    private final TimerQueue timers = new TimerQueue(new Holds());

    /** How many bytes of memory the state may take, about. */
    private final long memory;

    private final StateTable table;
    private final KeyedState keyedState;
    private final KeyedTimers keyedTimers;
    private final Map<@Nullable Object, Gathered> gathered = new LinkedHashMap<>();
    private int gatheredCount;

    TriggeredGroupOperator(
            Step.GroupByKey step,
            Wire input,
            PipelineOptions options,
            long memory,
            Receiver output,
            Turn turn,
            StepMetrics metrics) {
        this.windowing = (WindowingStrategy<?, BoundedWindow>) input.windowing();
        this.windowCoder = windowing.getWindowFn().windowCoder();
        this.keyCoder = (Coder<Object>) step.keyCoder();
        this.options = options;
        this.output = output;
        this.turn = turn;
        this.metrics = metrics;
        this.trigger = TriggerTranslation.toProto(windowing.getTrigger());
        this.reduce = step.combine() == null
                ? SystemReduceFn.buffering(step.valueCoder())
                : SystemReduceFn.combining(
                        keyCoder == null ? (Coder) VoidCoder.of() : keyCoder, (AppliedCombineFn) step.combine());
        this.memory = memory;
        // Beam's runner clears what it no longer needs; what it leaves vacant is swept away after each call.
        this.table = StateTable.withoutExpiry();
        this.keyedState = new KeyedState(table, holds);
        this.keyedTimers = new KeyedTimers(timers, keyedState, this, turn);
    }

    @Override
    void restoreState() {
        KeyedLedger keyed = new KeyedLedger(ledger(), windowCoder, keyCoder);
        table.restore(keyed, holds, memory);
        timers.restore(keyed);
    }

    @Override
    void saveState(long epoch) {
        table.freeze(epoch);
        timers.save(epoch);
    }

    @Override
    void committed(long epoch) {
        table.committed(epoch);
    }

    @Override
    StateTable stateTable() {
        return table;
    }

    @Override
    public void accept(WindowedValue<?> element) {
        Object key = null;
        Object value = element.getValue();
        if (keyCoder != null) {
            KV<Object, Object> kv = (KV<Object, Object>) value;
            key = kv.getKey();
            value = kv.getValue();
        }
        for (BoundedWindow window : element.getWindows()) {
            if (isExpired(window)) {
                metrics.live()
                        .getCounter(MetricName.named(GroupByKey.class, "droppedDueToLateness"))
                        .inc();
                continue;
            }
            Object structuralKey = structural(key);
            Gathered of = gathered.get(structuralKey);
            if (of == null) {
                of = new Gathered(key, new ArrayList<>());
                gathered.put(structuralKey, of);
            }
            of.values().add(WindowedValues.of(value, element.getTimestamp(), window, element.getPaneInfo()));
            gatheredCount++;
        }
        if (gatheredCount >= GATHER) {
            reduceGathered();
        }
    }

    private @Nullable Object structural(@Nullable Object key) {
        return StateTable.structural(key, keyCoder);
    }

    /** Whether the element's own window, before any merging, is past its end and the allowed lateness. */
    private boolean isExpired(BoundedWindow window) {
        return LateDataUtils.garbageCollectionTime(window, windowing).getMillis() < inputWatermark();
    }

    @Override
    void finishBundle() {
        if (gatheredCount > 0) {
            reduceGathered();
        }
    }

    private void reduceGathered() {
        for (Map.Entry<@Nullable Object, Gathered> each : gathered.entrySet()) {
            Gathered of = each.getValue();
            withRunner(
                    of.key(),
                    each.getKey(),
                    runner -> runner.processElements(of.values()),
                    () -> of.values().size() == 1
                            ? Position.ofElement(of.values().get(0))
                            : "one of " + of.values().size() + " elements of a key, the first of them "
                                    + Position.ofElement(of.values().get(0)));
        }
        gathered.clear();
        gatheredCount = 0;
    }

    @Override
    void watermarkRose(long watermark) {
        fireBefore(TimeDomain.EVENT_TIME, watermark);
    }

    @Override
    void clockMoved() {
        fireBefore(TimeDomain.PROCESSING_TIME, turn.nowMillis());
        inputsHaveCome();
    }

    @Override
    void inputsHaveCome() {
        fireBefore(TimeDomain.SYNCHRONIZED_PROCESSING_TIME, turn.synchronizedMillis());
    }

    /** Fires what is due, all timers of a key together, until firing makes nothing more due. */
    private void fireBefore(TimeDomain domain, long time) {
        while (true) {
            Map<@Nullable Object, List<TimerEntry>> due = new LinkedHashMap<>();
            for (TimerEntry timer = timers.first(domain);
                    timer != null && timer.time() < time;
                    timer = timers.first(domain)) {
                timers.takeOut(timer);
                due.computeIfAbsent(timer.id().structuralKey(), key -> new ArrayList<>())
                        .add(timer);
            }
            if (due.isEmpty()) {
                return;
            }
            due.forEach((structuralKey, entries) -> {
                List<TimerData> data = entries.stream().map(this::timerData).toList();
                TimerEntry first = entries.get(0);
                withRunner(
                        first.key(),
                        structuralKey,
                        runner -> runner.onTimers(data),
                        () -> Position.ofTimer(first, (BoundedWindow) first.id().window()));
                entries.forEach(timers::fired);
            });
        }
    }

    private TimerData timerData(TimerEntry timer) {
        return TimerData.of(
                timer.id().name(),
                timer.id().family(),
                StateNamespaces.window(windowCoder, (BoundedWindow) timer.id().window()),
                Instant.ofEpochMilli(timer.time()),
                Instant.ofEpochMilli(timer.outputTime()),
                timer.id().domain());
    }

    private interface Work {
        void with(ReduceFnRunner<Object, Object, Object, BoundedWindow> runner) throws Exception;
    }

    private void withRunner(
            @Nullable Object key, @Nullable Object structuralKey, Work work, Supplier<String> position) {
        StepMetrics before = turn.enter(metrics);
        keyedState.setKey(key, structuralKey);
        try {
            ReduceFnRunner<Object, Object, Object, BoundedWindow> runner = new ReduceFnRunner(
                    key,
                    windowing,
                    ExecutableTriggerStateMachine.create(TriggerStateMachines.stateMachineForTrigger(trigger)),
                    keyedState,
                    keyedTimers,
                    pane -> output.accept((WindowedValue<?>) pane),
                    null,
                    reduce,
                    options);
            work.with(runner);
            runner.persist();
        } catch (RuntimeException | Error e) {
            turn.failedAt(position.get());
            throw e;
        } catch (Exception e) {
            turn.failedAt(position.get());
            throw UserCodeException.wrap(e);
        }
        turn.leave(before);
        keyedState.sweep();
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
        TimerEntry timer = timers.first(TimeDomain.PROCESSING_TIME);
        long next = timer == null ? Long.MAX_VALUE : timer.time() + 1;
        TimerEntry synced = timers.first(TimeDomain.SYNCHRONIZED_PROCESSING_TIME);
        if (synced != null && !turn.waitsForInputs(synced.time())) {
            next = Math.min(next, synced.time() + 1);
        }
        return next;
    }

    @Override
    long hold() {
        return holds.minimum();
    }
}
