package dev.tidemark.runtime;

import dev.tidemark.Failed;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The first step of a group: finds the key, and sees to it that the event time is the timestamp of the element. What
 * cannot go on, for want of a key or a time, goes to the errors.
 *
 * @param <I> the input of the group
 * @param <K> its key
 */
public abstract class KeyingFn<I, K> extends DoFn<I, KV<K, I>> {
    private static final long serialVersionUID = 1L;

    /** What a group makes of the time of an event. */
    public enum EventTimes {
        /** The group has no {@code @EventTime}, and no use for the time of the element. */
        IGNORED,
        /** The group has no {@code @EventTime}, but lives by the timestamps, which must be finite. */
        OF_ELEMENT,
        /** The event time becomes the timestamp. */
        ASSIGNED,
        /** The event time must be the timestamp. */
        VERIFIED
    }

    private final TupleTag<Failed<I>> errors;
    private final EventTimes times;
    private final Counter failed;

    /** {@code name} is that of the group. */
    protected KeyingFn(String name, TupleTag<Failed<I>> errors, EventTimes times) {
        this.errors = errors;
        this.times = times;
        this.failed = Metrics.counter(name, "errors.input");
    }

    /** The key of an input, null if it or a part of it is null. */
    protected abstract @Nullable K key(I input);

    /** The event time of an input in milliseconds, {@link Kept#NONE} if it is null. */
    protected abstract long eventTime(I input);

    /** A group may give an element its own, earlier time; whether that is late is for the next step to say. */
    @Override
    @SuppressWarnings("deprecation") // still the only way to emit at an earlier time
    public Duration getAllowedTimestampSkew() {
        return Duration.millis(Long.MAX_VALUE);
    }

    /** Gives one input its key and time, or refuses it. */
    @ProcessElement
    public void process(@Element I input, @Timestamp Instant timestamp, MultiOutputReceiver out) {
        K key = key(input);
        if (key == null) {
            fail(Failed.Reason.NULL_KEY, "the key is null", null, input, timestamp, out);
            return;
        }
        if (times == EventTimes.IGNORED) {
            out.get(keyed()).output(KV.of(key, input));
            return;
        }
        boolean ofElement = times == EventTimes.OF_ELEMENT;
        long millis = ofElement ? timestamp.getMillis() : eventTime(input);
        if (millis == Kept.NONE) {
            fail(Failed.Reason.NO_EVENT_TIME, "the event time is null", key, input, timestamp, out);
        } else if (!Times.isFinite(millis)) {
            fail(
                    Failed.Reason.EVENT_TIME_OUT_OF_RANGE,
                    "no event can have the time " + millis + " ms",
                    key,
                    input,
                    timestamp,
                    out);
        } else if (millis == timestamp.getMillis()) {
            out.get(keyed()).output(KV.of(key, input));
        } else if (times == EventTimes.ASSIGNED) {
            out.get(keyed()).outputWithTimestamp(KV.of(key, input), Instant.ofEpochMilli(millis));
        } else {
            fail(
                    Failed.Reason.EVENT_TIME_MISMATCH,
                    "the event time is " + Instant.ofEpochMilli(millis) + ", the timestamp of the element is "
                            + timestamp + "; assign the timestamps at the source, or call assignTimestamps()",
                    key,
                    input,
                    timestamp,
                    out);
        }
    }

    /** The tag of the main output. */
    protected abstract TupleTag<KV<K, I>> keyed();

    private void fail(
            Failed.Reason reason,
            String message,
            @Nullable K key,
            I input,
            Instant timestamp,
            MultiOutputReceiver out) {
        failed.inc();
        out.get(errors)
                .output(new Failed<>(
                        reason,
                        key == null ? null : key.toString(),
                        input,
                        java.time.Instant.ofEpochMilli(timestamp.getMillis()),
                        message,
                        ""));
    }
}
