package dev.tidemark;

import java.time.Duration;
import org.apache.beam.sdk.transforms.splittabledofn.TimestampObservingWatermarkEstimator;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;

/**
 * Watermarks for sources that have none of their own. Where a collection is read already, its watermark is that of its
 * source: no transform can advance it.
 */
public final class Watermarks {
    private Watermarks() {}

    /**
     * A watermark that stays behind the highest time seen, by {@code delay}: what Spark calls {@code withWatermark}. For the
     * reader of a source, which calls {@code observeTimestamp} and asks {@code currentWatermark}, or for a splittable DoFn:
     *
     * <pre>{@code
     * @GetInitialWatermarkEstimatorState
     * public Instant initialWatermark() { return BoundedWindow.TIMESTAMP_MIN_VALUE; }
     *
     * @NewWatermarkEstimator
     * public Watermarks.Bounded watermark(@WatermarkEstimatorState Instant highest) {
     *   return Watermarks.boundedOutOfOrderness(Duration.ofSeconds(5), highest);
     * }
     * }</pre>
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    public static Bounded boundedOutOfOrderness(Duration delay) {
        return new Bounded(delay, BoundedWindow.TIMESTAMP_MIN_VALUE);
    }

    /** The same, going on from the highest time seen so far. */
    public static Bounded boundedOutOfOrderness(Duration delay, Instant highest) {
        return new Bounded(delay, highest);
    }

    /** The highest time seen, less a delay. Never goes backwards. Not thread-safe: its reader owns it. */
    public static final class Bounded implements TimestampObservingWatermarkEstimator<Instant> {
        private final long delay;
        private Instant highest;

        private Bounded(Duration delay, Instant highest) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("a watermark cannot be ahead of the events: the delay is " + delay);
            }
            this.delay = delay.toMillis();
            this.highest = highest;
        }

        @Override
        public void observeTimestamp(Instant timestamp) {
            if (timestamp.isAfter(highest)) {
                highest = timestamp;
            }
        }

        @Override
        public Instant currentWatermark() {
            long least = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
            // Subtracted from the end of time, the delay would wrap around.
            return Instant.ofEpochMilli(highest.getMillis() - least < delay ? least : highest.getMillis() - delay);
        }

        @Override
        public Instant getState() {
            return highest;
        }
    }
}
