package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.operator.SourceSplits.Numbered;
import dev.tidemark.runner.plan.Step.ReadLimit;
import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Reads its splits in turn and keeps their readers open. When none has anything it waits a little, each time longer, up to
 * {@link #LONGEST_WAIT_MILLIS}: a source without data costs next to nothing. A limited read ends when every split is at its limit.
 */
final class UnboundedReadOperator extends SourceOperator {
    /** The longest time between two questions to a source that has nothing. */
    static final long LONGEST_WAIT_MILLIS = 50;

    private final List<Numbered<UnboundedSource<?, ?>>> splits;
    private final Function<Integer, ReadLimit> limits;
    private final boolean limited;
    private final PipelineOptions options;
    private final Receiver output;
    private final Turn turn;
    private final StepMetrics metrics;
    private final List<OpenSplit<?, ?>> open = new ArrayList<>();
    private boolean opened;
    private boolean drained;
    private int next;
    /** The one that was asked last. */
    private @Nullable OpenSplit<?, ?> asked;

    private long elementsRead;
    private long waitMillis;
    private long lookAgain = Long.MAX_VALUE;
    private long watermark = Watermarks.MIN;

    UnboundedReadOperator(
            List<Numbered<UnboundedSource<?, ?>>> splits,
            Function<Integer, ReadLimit> limits,
            boolean limited,
            PipelineOptions options,
            Receiver output,
            Turn turn,
            StepMetrics metrics) {
        this.splits = splits;
        this.limits = limits;
        this.limited = limited;
        this.options = options;
        this.output = output;
        this.turn = turn;
        this.metrics = metrics;
    }

    @Override
    Progress read(int budget, BooleanSupplier mayReadOn) throws Exception {
        if (drained) {
            watermark = Watermarks.MAX;
            return Progress.ENDED;
        }
        StepMetrics before = turn.enter(metrics);
        openReaders();
        int count = isAtLimit() ? 0 : readInTurn(budget, mayReadOn);
        elementsRead += count;
        raiseWatermark();
        turn.leave(before);
        if (watermark >= Watermarks.MAX) {
            return Progress.ENDED;
        }
        if (count > 0) {
            waitMillis = 0;
            lookAgain = Long.MAX_VALUE;
            return Progress.MORE;
        }
        waitMillis = Math.min(LONGEST_WAIT_MILLIS, Math.max(1, waitMillis * 2));
        lookAgain = turn.nowMillis() + waitMillis;
        return Progress.IDLE;
    }

    /** Only here, not in {@link #open}: no reader may start before every DoFn of the job has been set up. */
    private void openReaders() throws Exception {
        if (!opened) {
            opened = true;
            for (Numbered<UnboundedSource<?, ?>> split : splits) {
                open.add(new OpenSplit<>(
                        split.number(),
                        split.source(),
                        limits.apply(split.number()),
                        turn.nowMillis(),
                        options,
                        ledger()));
            }
        }
    }

    /** Asks the readers one element at a time, each in turn, until the budget is used or none has any. */
    private int readInTurn(int budget, BooleanSupplier mayReadOn) throws Exception {
        int count = 0;
        int dry = 0;
        while (count < budget && dry < open.size() && mayReadOn.getAsBoolean()) {
            OpenSplit<?, ?> split = open.get(next);
            asked = split;
            next = next + 1 == open.size() ? 0 : next + 1;
            if (split.readOne(output)) {
                count++;
                dry = 0;
            } else {
                dry++;
            }
        }
        return count;
    }

    @Override
    @Nullable
    String readSoFar() {
        OpenSplit<?, ?> split = asked;
        return split == null ? null : Position.read(metrics.step(), split.number(), split.read(), split.source());
    }

    private boolean isAtLimit() {
        for (OpenSplit<?, ?> split : open) {
            if (!split.isAtLimit(turn.nowMillis())) {
                return false;
            }
        }
        return true;
    }

    /** What is limited is bounded, and its watermark waits for the end. */
    private void raiseWatermark() {
        if (limited) {
            watermark = isAtLimit() ? Watermarks.MAX : Watermarks.MIN;
            return;
        }
        long smallest = Watermarks.MAX;
        for (OpenSplit<?, ?> split : open) {
            smallest = Math.min(smallest, split.watermark());
        }
        watermark = Math.max(watermark, smallest);
    }

    @Override
    void drain() {
        drained = true;
    }

    /** A source that was drained does not begin to read again. */
    @Override
    void restoreState() {
        drained = outputWatermark() >= Watermarks.MAX;
    }

    @Override
    long sourceWatermark() {
        return watermark;
    }

    @Override
    long elementsRead() {
        return elementsRead;
    }

    @Override
    long nextAlarm() {
        return lookAgain;
    }

    @Override
    void saveState(long epoch) throws Exception {
        for (OpenSplit<?, ?> split : open) {
            split.mark(epoch);
        }
    }

    @Override
    void committed(long epoch) throws Exception {
        for (OpenSplit<?, ?> split : open) {
            split.committed(epoch);
        }
    }

    @Override
    void close() throws Exception {
        Exception failure = null;
        for (OpenSplit<?, ?> split : open) {
            try {
                split.close();
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
