package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.Watermarks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/** A watermark for a source that has none of its own. */
final class WatermarksTest {
    private static org.joda.time.Instant at(long time) {
        return org.joda.time.Instant.ofEpochMilli(time);
    }

    @Test
    void theWatermarkIsTheHighestTimeSeenLessTheDelay() {
        Watermarks.Bounded watermark = Watermarks.boundedOutOfOrderness(Duration.ofMillis(5));
        assertThat(watermark.currentWatermark()).isEqualTo(BoundedWindow.TIMESTAMP_MIN_VALUE);
        watermark.observeTimestamp(at(100));
        watermark.observeTimestamp(at(90));
        assertThat(watermark.currentWatermark()).isEqualTo(at(95));
        assertThat(Watermarks.boundedOutOfOrderness(Duration.ofMillis(7), watermark.getState())
                        .currentWatermark())
                .isEqualTo(at(93));
    }

    @Test
    void aWatermarkAheadOfTheEventsIsRefused() {
        assertThatThrownBy(() -> Watermarks.boundedOutOfOrderness(Duration.ofMillis(-1)))
                .hasMessageContaining("ahead of the events");
    }

    /** Emits these times, without end until there are no more. */
    @DoFn.UnboundedPerElement
    private static final class TimesFn extends DoFn<List<Long>, Said> {
        @GetInitialRestriction
        public OffsetRange restriction(@Element List<Long> times) {
            return new OffsetRange(0, times.size());
        }

        @GetInitialWatermarkEstimatorState
        public org.joda.time.Instant initialWatermark() {
            return BoundedWindow.TIMESTAMP_MIN_VALUE;
        }

        @NewWatermarkEstimator
        public Watermarks.Bounded watermark(@WatermarkEstimatorState org.joda.time.Instant highest) {
            return Watermarks.boundedOutOfOrderness(Duration.ofMillis(5), highest);
        }

        @ProcessElement
        public ProcessContinuation process(
                @Element List<Long> times, RestrictionTracker<OffsetRange, Long> tracker, OutputReceiver<Said> out) {
            long next = tracker.currentRestriction().getFrom();
            if (!tracker.tryClaim(next)) {
                return ProcessContinuation.stop();
            }
            long time = times.get((int) next);
            out.outputWithTimestamp(new Said("k", Instant.ofEpochMilli(time), "add"), at(time));
            return ProcessContinuation.resume();
        }
    }

    @Test
    void aSplittableDoFnMayHaveSuchAWatermark() {
        Scenario scenario = new Scenario(OnRunner.TIDEMARK);
        PCollection<Said> events = scenario.pipeline()
                .apply(Create.<List<Long>>of(List.of(List.of(0L, 3L, 1L, 40L, 41L)))
                        .withCoder(
                                org.apache.beam.sdk.coders.ListCoder.of(org.apache.beam.sdk.coders.VarLongCoder.of())))
                .apply(ParDo.of(new TimesFn()))
                .setCoder(SessionsGroup.inputCoder());
        assertThat(events.isBounded()).isEqualTo(PCollection.IsBounded.UNBOUNDED);
        scenario.expect(events.apply(SessionsGroup.transform()), "k TIMEOUT 3 @13", "k TIMEOUT 2 @51")
                .run();
    }
}
