package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.state.StateTable;
import dev.tidemark.runner.state.StepLedger;
import dev.tidemark.runner.state.TaskLedger;
import dev.tidemark.runner.time.Watermarks;
import java.nio.ByteBuffer;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/**
 * One step at work in one task. Owned by the task, which calls it in this order: {@link #open}, then any number of bundles
 * ({@link #accept}…, {@link #finishBundle}) with {@link #advance} between them, then {@link #close}.
 *
 * <p>An operator emits by calling the receivers it was given, in the middle of {@link #accept}; a bundle opens by itself with
 * the first element or timer.
 */
abstract class Operator implements Receiver {
    /** How far what comes in has come, whatever waits here. */
    private long arrivedWatermark = Watermarks.MIN;

    private long inputWatermark = Watermarks.MIN;
    private long outputWatermark = Watermarks.MIN;
    private StepLedger ledger = TaskLedger.none().step("");
    /** What the ledger has; nothing at first: a task that has not come anywhere must say so, too, lest others speak for it. */
    private long writtenInput = Long.MIN_VALUE;

    private long writtenOutput = Long.MIN_VALUE;

    /** Says where what this operator remembers is kept; before {@link #open}. */
    final void keepIn(StepLedger kept) {
        ledger = kept;
    }

    final StepLedger ledger() {
        return ledger;
    }

    /** Prepares for work: the only place, with {@link #close}, where user code may set up what it needs. */
    void open() throws Exception {}

    /** Takes one element. */
    @Override
    public abstract void accept(WindowedValue<?> element);

    /** Ends the bundle, if one is open. What it emits is still part of it. */
    void finishBundle() {}

    /**
     * Learns that no element before {@code watermark} will come, but for late ones. Fires what is due. The caller has finished
     * the bundle before, and finishes the one that this opens.
     */
    void watermarkRose(long watermark) {}

    /** Whether a timer was set for a time that the watermark had passed already: it is due now, and not when that rises next. */
    boolean isOverdue() {
        return false;
    }

    /** Whether a checkpoint is all that this waits for: there is no need to wait for the time of the next one. */
    boolean wantsCheckpoint() {
        return false;
    }

    /** Fires the timers that wait for the wall clock. */
    void clockMoved() {}

    /** The clocks of the tasks before this one have come further: timers that {@linkplain #awaitedOfInputs waited} for that may fire. */
    void inputsHaveCome() {}

    /**
     * The time of a timer that is due, but for the tasks before this one, which have not said that their clocks have passed it; {@link
     * Long#MAX_VALUE} where there is none.
     */
    long awaitedOfInputs() {
        return Long.MAX_VALUE;
    }

    /** When {@link #clockMoved} will next have something to do, in milliseconds, or {@link Long#MAX_VALUE}. */
    long nextAlarm() {
        return Long.MAX_VALUE;
    }

    /**
     * The first time of the elements that have come in and wait here: what comes after them, be it the end of a window, has not come for
     * them, and must not for anybody.
     */
    long firstWaiting() {
        return Watermarks.MAX;
    }

    /** What the output watermark must not pass, for now. */
    long hold() {
        return Watermarks.MAX;
    }

    /** How many elements this step has brought into the pipeline from outside so far. */
    long elementsRead() {
        return 0;
    }

    /** How many keys have state here, each counted once per window. */
    long keys() {
        StateTable table = stateTable();
        return table == null ? 0 : table.keyCount();
    }

    /** What this step remembers of keys; null where it remembers nothing of them. */
    @Nullable
    StateTable stateTable() {
        return null;
    }

    /** How many timers are pending here. */
    long timers() {
        return 0;
    }

    /** Whether nothing is to be brought in from outside for a while. Of a source that is its task's business. */
    void pause(boolean paused) {}

    /** From now on nothing more is to be brought in from outside, where that would never end. */
    void drain() {}

    /** Takes up what the last committed epoch left, after {@link #open}. */
    void restoreState() throws Exception {}

    /**
     * Writes what has changed since the last call into the ledger, for checkpoint {@code epoch}; of {@link #stateTable} that follows by and
     * by. The bundle has been finished.
     */
    void saveState(long epoch) throws Exception {}

    /** Checkpoint {@code epoch} is durable, and with it any before. */
    void committed(long epoch) throws Exception {}

    /** How far the slowest task of a step has come. */
    private record Progress(long input, long output) {}

    /** How far the last committed epoch has all tasks of this step, at least; null where there is none. */
    private @Nullable Progress committedProgress() {
        Progress[] slowest = {null};
        ledger.readAll(RowKind.PROGRESS, (group, rest, value) -> {
            ByteBuffer row = ByteBuffer.wrap(value);
            Progress next = new Progress(row.getLong(), row.getLong());
            Progress before = slowest[0];
            slowest[0] = before == null
                    ? next
                    : new Progress(Math.min(before.input(), next.input()), Math.min(before.output(), next.output()));
        });
        return slowest[0];
    }

    /** The input watermark of the slowest task of this step in the last committed epoch: after a restart no task stands before it. */
    final long slowestCommitted() {
        Progress committed = committedProgress();
        return committed == null ? Watermarks.MIN : committed.input();
    }

    final void restore() throws Exception {
        if (!ledger.isKept()) {
            return;
        }
        Progress committed = committedProgress();
        if (committed != null) {
            inputWatermark = committed.input();
            outputWatermark = committed.output();
        }
        // With another number of tasks, rows of others lie among our groups.
        ledger.read(RowKind.PROGRESS, (group, rest, value) -> ledger.delete(RowKind.PROGRESS, group, rest));
        restoreState();
    }

    final void mark(long epoch) throws Exception {
        if (ledger.isKept() && (inputWatermark > writtenInput || outputWatermark > writtenOutput)) {
            writtenInput = inputWatermark;
            writtenOutput = outputWatermark;
            byte[] row = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(inputWatermark)
                    .putLong(outputWatermark)
                    .array();
            ledger.put(RowKind.PROGRESS, ledger.groupFor(0), new byte[0], row);
        }
        saveState(epoch);
    }

    /** Releases everything; called once, also after a failure, also when {@link #open} failed half-way. */
    void close() throws Exception {}

    /** Moves the watermark through this operator, and finishes its bundle on the way. */
    final void advance(long watermark) {
        finishBundle();
        arrivedWatermark = Math.max(arrivedWatermark, watermark);
        long risen = Math.min(watermark, firstWaiting());
        if (risen > inputWatermark || isOverdue()) {
            inputWatermark = Math.max(inputWatermark, risen);
            watermarkRose(inputWatermark);
            finishBundle();
        }
        outputWatermark = Math.max(outputWatermark, Math.min(inputWatermark, hold()));
    }

    /** Whether nothing more will come in. */
    final boolean hasAllOfItsInput() {
        return arrivedWatermark == Watermarks.MAX;
    }

    final long inputWatermark() {
        return inputWatermark;
    }

    final long outputWatermark() {
        return outputWatermark;
    }
}
