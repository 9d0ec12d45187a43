package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.time.Watermarks;
import org.apache.beam.sdk.values.WindowedValue;

/**
 * One step at work in one task. Owned by the task, which calls it in this order: {@link #open}, then any number of bundles
 * ({@link #accept}…, {@link #finishBundle}) with {@link #advance} between them, then {@link #close}.
 *
 * <p>An operator emits by calling the receivers it was given, in the middle of {@link #accept}; a bundle opens by itself with
 * the first element or timer.
 */
abstract class Operator implements Receiver {
    private long inputWatermark = Watermarks.MIN;
    private long outputWatermark = Watermarks.MIN;

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

    /** Fires the timers that wait for the wall clock. */
    void clockMoved() {}

    /** When {@link #clockMoved} will next have something to do, in milliseconds, or {@link Long#MAX_VALUE}. */
    long nextAlarm() {
        return Long.MAX_VALUE;
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
        return 0;
    }

    /** How many timers are pending here. */
    long timers() {
        return 0;
    }

    /** Releases everything; called once, also after a failure, also when {@link #open} failed half-way. */
    void close() throws Exception {}

    /** Moves the watermark through this operator, and finishes its bundle on the way. */
    final void advance(long watermark) {
        finishBundle();
        if (watermark > inputWatermark || isOverdue()) {
            inputWatermark = Math.max(inputWatermark, watermark);
            watermarkRose(inputWatermark);
            finishBundle();
        }
        outputWatermark = Math.max(outputWatermark, Math.min(inputWatermark, hold()));
    }

    final long inputWatermark() {
        return inputWatermark;
    }

    final long outputWatermark() {
        return outputWatermark;
    }
}
