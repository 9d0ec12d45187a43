package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Wire;
import dev.tidemark.runner.state.GroupTable;
import dev.tidemark.runner.state.GroupTable.Group;
import dev.tidemark.runner.state.Grouping;
import dev.tidemark.runner.time.Watermarks;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.StateContexts;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.CombineWithContext.CombineFnWithContext;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.util.AppliedCombineFn;
import org.apache.beam.sdk.util.CombineFnUtil;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.WindowedValue;
import org.apache.beam.sdk.values.WindowedValues;
import org.apache.beam.sdk.values.WindowingStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Groups, or combines, what ends: each key and window has one pane, and comes out when the input has ended. More than fits into
 * memory goes to disk meanwhile.
 *
 * <p>What comes out may be much, too: a turn emits a part of it, and only with the last the watermark goes on.
 */
@SuppressWarnings({"unchecked", "rawtypes"
}) // keys, values and windows are erased in the plan; the pipeline checked them
final class BoundedGroupOperator extends Operator {
    /** After this long in one turn the rest waits for the next. */
    private static final long LONGEST_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final boolean keyed;
    private final GroupTable table;
    private final int mostElements;
    private final Receiver output;
    private final Turn turn;
    private final StepMetrics metrics;
    private @Nullable Iterator<Group> groups;
    private boolean done;

    /**
     * @param budgetBytes how much memory the groups may take, about
     * @param mostElements how many groups come out in one turn, at most
     */
    BoundedGroupOperator(
            Step.GroupByKey step,
            Wire input,
            long budgetBytes,
            int mostElements,
            Receiver output,
            Turn turn,
            StepMetrics metrics) {
        this.keyed = step.keyCoder() != null;
        this.table = new GroupTable(
                (Coder<Object>) step.keyCoder(),
                grouping(step),
                (WindowingStrategy<?, BoundedWindow>) input.windowing(),
                budgetBytes);
        this.mostElements = mostElements;
        this.output = output;
        this.turn = turn;
        this.metrics = metrics;
    }

    private static Grouping grouping(Step.GroupByKey step) {
        AppliedCombineFn<?, ?, ?, ?> combine = step.combine();
        if (combine == null) {
            return new Grouping.Values((Coder<Object>) step.valueCoder());
        }
        CombineFn<?, ?, ?> fn = combine.getFn() instanceof CombineFnWithContext<?, ?, ?> withContext
                ? CombineFnUtil.bindContext(withContext, StateContexts.nullContext())
                : (CombineFn<?, ?, ?>) combine.getFn();
        return new Grouping.Accumulators((CombineFn) fn, (Coder) combine.getAccumulatorCoder());
    }

    @Override
    public void accept(WindowedValue<?> element) {
        Object key = null;
        Object value = element.getValue();
        if (keyed) {
            KV<Object, Object> kv = (KV<Object, Object>) value;
            key = kv.getKey();
            value = kv.getValue();
        }
        StepMetrics before = turn.enter(metrics);
        for (BoundedWindow window : element.getWindows()) {
            table.add(key, value, window, element.getTimestamp());
        }
        turn.leave(before);
    }

    @Override
    void watermarkRose(long watermark) {
        if (watermark >= Watermarks.MAX && groups == null && !done) {
            groups = table.groups();
        }
    }

    @Override
    void clockMoved() {
        Iterator<Group> left = groups;
        if (left == null) {
            return;
        }
        StepMetrics before = turn.enter(metrics);
        for (int count = 0;
                left.hasNext() && count < mostElements && turn.lastedNanos() <= LONGEST_TURN_NANOS;
                count++) {
            Group group = left.next();
            output.accept(WindowedValues.of(
                    KV.of(group.key(), group.value()),
                    group.timestamp(),
                    group.window(),
                    PaneInfo.ON_TIME_AND_ONLY_FIRING));
        }
        turn.leave(before);
        if (!left.hasNext()) {
            groups = null;
            done = true;
        }
    }

    @Override
    long nextAlarm() {
        return groups == null ? Long.MAX_VALUE : turn.nowMillis();
    }

    /** Nothing of what comes out may be late, and nothing has come out before the end. */
    @Override
    long hold() {
        return done ? Watermarks.MAX : Watermarks.MIN;
    }

    @Override
    long keys() {
        return table.size();
    }
}
