package dev.tidemark.runner.operator;

import dev.tidemark.runner.state.TimerEntry;
import dev.tidemark.runner.state.TimerQueue;
import dev.tidemark.runner.time.Watermarks;
import org.apache.beam.runners.core.StateNamespace;
import org.apache.beam.runners.core.TimerInternals;
import org.apache.beam.sdk.state.TimeDomain;
import org.joda.time.Instant;

/** The timer queue as Beam's runtime sees it: the timers of the current key of {@link KeyedState}. Owned by one task. */
final class KeyedTimers implements TimerInternals {
    private final TimerQueue queue;
    private final KeyedState state;
    private final Operator operator;
    private final Turn turn;
    // Joda's instants are objects: made once per watermark, not once per question.
    private long watermarkMillis = Watermarks.MIN;
    private Instant watermark = Instant.ofEpochMilli(Watermarks.MIN);

    KeyedTimers(TimerQueue queue, KeyedState state, Operator operator, Turn turn) {
        this.queue = queue;
        this.state = state;
        this.operator = operator;
        this.turn = turn;
    }

    @Override
    public void setTimer(
            StateNamespace namespace,
            String timerId,
            String timerFamilyId,
            Instant target,
            Instant outputTimestamp,
            TimeDomain timeDomain) {
        queue.set(
                id(namespace, timerId, timerFamilyId, timeDomain),
                state.getKey(),
                target.getMillis(),
                outputTimestamp.getMillis());
    }

    @Override
    @Deprecated
    public void setTimer(TimerData timer) {
        setTimer(
                timer.getNamespace(),
                timer.getTimerId(),
                timer.getTimerFamilyId(),
                timer.getTimestamp(),
                timer.getOutputTimestamp(),
                timer.getDomain());
    }

    @Override
    public void deleteTimer(StateNamespace namespace, String timerId, String timerFamilyId, TimeDomain timeDomain) {
        queue.clear(id(namespace, timerId, timerFamilyId, timeDomain));
    }

    @Override
    @Deprecated
    public void deleteTimer(StateNamespace namespace, String timerId, String timerFamilyId) {
        for (TimeDomain domain : TimeDomain.values()) {
            deleteTimer(namespace, timerId, timerFamilyId, domain);
        }
    }

    @Override
    @Deprecated
    public void deleteTimer(TimerData timer) {
        deleteTimer(timer.getNamespace(), timer.getTimerId(), timer.getTimerFamilyId(), timer.getDomain());
    }

    private TimerEntry.Id id(StateNamespace namespace, String timerId, String familyId, TimeDomain domain) {
        return new TimerEntry.Id(state.structuralKey(), namespace.getCacheKey(), domain, familyId, timerId);
    }

    @Override
    public Instant currentProcessingTime() {
        return turn.now();
    }

    /** Stands still while a timer waits for the tasks before this one: nothing must take it for due that only asks for the time. */
    @Override
    public Instant currentSynchronizedProcessingTime() {
        long awaited = awaitedOfInputs();
        return awaited == Long.MAX_VALUE ? turn.now() : Instant.ofEpochMilli(awaited);
    }

    /** As {@link Operator#awaitedOfInputs}. */
    long awaitedOfInputs() {
        TimerEntry first = queue.first(TimeDomain.SYNCHRONIZED_PROCESSING_TIME);
        return first != null && turn.waitsForInputs(first.time()) ? first.time() : Long.MAX_VALUE;
    }

    @Override
    public Instant currentInputWatermarkTime() {
        long millis = operator.inputWatermark();
        if (millis != watermarkMillis) {
            watermarkMillis = millis;
            watermark = Instant.ofEpochMilli(millis);
        }
        return watermark;
    }

    @Override
    public Instant currentOutputWatermarkTime() {
        return Instant.ofEpochMilli(operator.outputWatermark());
    }
}
