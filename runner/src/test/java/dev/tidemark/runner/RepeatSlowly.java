package dev.tidemark.runner;

import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.splittabledofn.RestrictionTracker;
import org.joda.time.Duration;

/** Emits each number as often as it says, with pauses, so that there are checkpoints between: who is given small ones is done early. */
final class RepeatSlowly extends DoFn<Integer, Integer> {
    @GetInitialRestriction
    public OffsetRange all(@Element Integer number) {
        return new OffsetRange(0, number);
    }

    @ProcessElement
    public ProcessContinuation process(
            @Element Integer number, RestrictionTracker<OffsetRange, Long> tracker, OutputReceiver<Integer> out) {
        if (!tracker.tryClaim(tracker.currentRestriction().getFrom())) {
            return ProcessContinuation.stop();
        }
        out.output(number);
        return ProcessContinuation.resume().withResumeDelay(Duration.millis(10));
    }
}
