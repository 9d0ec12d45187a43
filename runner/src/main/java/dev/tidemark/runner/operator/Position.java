package dev.tidemark.runner.operator;

import dev.tidemark.runner.plan.OneLine;
import dev.tidemark.runner.state.TimerEntry;
import java.util.Collection;
import org.apache.beam.sdk.io.OffsetBasedSource;
import org.apache.beam.sdk.io.Source;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.values.WindowedValue;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a step was when its code failed, in words: times, windows, parts of sources and offsets, by which one finds the record. Never a key
 * or a value: who may read a log may not always see the data.
 */
final class Position {
    /** A description that is longer says no more. */
    private static final int MOST_CHARACTERS = 300;

    private Position() {}

    static String ofElement(WindowedValue<?> element) {
        boolean hasTime = element.getTimestamp().isAfter(BoundedWindow.TIMESTAMP_MIN_VALUE);
        return (hasTime ? "an element of " + time(element.getTimestamp()) : "an element without a time")
                + inWindows(element.getWindows());
    }

    static String ofTimer(TimerEntry timer, BoundedWindow window) {
        String time = timer.id().domain() == TimeDomain.EVENT_TIME
                ? time(Instant.ofEpochMilli(timer.time()))
                : Instant.ofEpochMilli(timer.time()) + " of the wall clock";
        return "a timer of " + time + in(window);
    }

    static String ofEnd(BoundedWindow window) {
        return "the end" + (window instanceof GlobalWindow ? " of the global window" : of(window));
    }

    /**
     * How far a part of a source has been read.
     *
     * @param part its number
     * @param read how many records of it have been read, since the job began
     */
    static String read(String step, int part, long read, Source<?> source) {
        String which = source instanceof OffsetBasedSource<?> range ? " (" + described(range) + ")" : "";
        return (read == 0 ? "nothing has been read yet" : "the last record read is number " + read) + " of part " + part
                + which + " of " + step;
    }

    /** How far a restriction of a splittable DoFn has come. */
    static String claimed(@Nullable Object restriction, @Nullable Object position) {
        String of = restriction == null ? "its restriction" : "restriction " + described(restriction);
        return position == null
                ? "nothing has been claimed yet of " + of
                : "position " + described(position) + " of " + of;
    }

    private static String time(Instant instant) {
        return BoundedWindow.formatTimestamp(instant);
    }

    private static String inWindows(Collection<? extends BoundedWindow> windows) {
        return windows.size() == 1 ? in(windows.iterator().next()) : " in " + windows.size() + " windows";
    }

    private static String in(BoundedWindow window) {
        return window instanceof GlobalWindow ? "" : " in" + named(window);
    }

    private static String of(BoundedWindow window) {
        return " of" + named(window);
    }

    private static String named(BoundedWindow window) {
        return window instanceof IntervalWindow interval
                ? " window [" + interval.start() + ", " + interval.end() + ")"
                : " a window until " + time(window.maxTimestamp());
    }

    /** What user code calls it: on one line, and whatever its {@code toString()} does. */
    private static String described(Object named) {
        String text;
        try {
            text = OneLine.of(String.valueOf(named));
        } catch (RuntimeException e) {
            return named.getClass().getName() + " (whose toString() failed: "
                    + e.getClass().getName() + ")";
        }
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }
}
