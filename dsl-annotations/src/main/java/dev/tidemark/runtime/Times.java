package dev.tidemark.runtime;

import java.time.Instant;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.jspecify.annotations.Nullable;

/** Event times as milliseconds, between the ends of Beam's time. */
public final class Times {
    static final long MIN = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();
    static final long MAX = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    private Times() {}

    /** The milliseconds of an event time, {@link Kept#NONE} for null; beyond the range of long, the nearest end of it. */
    public static long millis(@Nullable Instant time) {
        if (time == null) {
            return Kept.NONE;
        }
        long seconds = time.getEpochSecond();
        if (seconds > Long.MAX_VALUE / 1000 - 1) {
            return Long.MAX_VALUE;
        }
        if (seconds < Long.MIN_VALUE / 1000 + 1) {
            return Long.MIN_VALUE + 1;
        }
        return time.toEpochMilli();
    }

    /** The milliseconds of an event time, {@link Kept#NONE} for null. */
    public static long millis(org.joda.time.@Nullable Instant time) {
        return time == null ? Kept.NONE : Math.max(time.getMillis(), Long.MIN_VALUE + 1);
    }

    /** The milliseconds of an event time, {@link Kept#NONE} for null. */
    public static long millis(@Nullable Long time) {
        return time == null ? Kept.NONE : Math.max(time, Long.MIN_VALUE + 1);
    }

    /** Whether an event can have this time: neither infinity, nor after the end of the global window. */
    static boolean isFinite(long millis) {
        return millis > MIN && millis <= MAX;
    }

    /** The nearest time that Beam can carry. */
    static long clamp(long millis) {
        return Math.max(MIN, Math.min(MAX, millis));
    }

    /** The earlier of two times, each possibly {@link Kept#NONE}. */
    static long earlier(long left, long right) {
        if (left == Kept.NONE) {
            return right;
        }
        return right == Kept.NONE ? left : Math.min(left, right);
    }

    /** The sum, or the nearest end of long. */
    static long plus(long time, long delay) {
        long sum = time + delay;
        return ((time ^ sum) & (delay ^ sum)) < 0 ? (time < 0 ? Long.MIN_VALUE + 1 : Long.MAX_VALUE) : sum;
    }
}
