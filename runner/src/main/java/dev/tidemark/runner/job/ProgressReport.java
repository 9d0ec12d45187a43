package dev.tidemark.runner.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.runner.operator.Gauge;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.time.Watermarks;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says how far a job has come: one line that changes on a terminal, a line every five seconds elsewhere. Takes its turns like a
 * task; only what it prints to is shared.
 *
 * <p>It asks the tasks, and prints a moment later what they answered: a task that is stuck in user code answers with what it
 * said last.
 */
final class ProgressReport implements Slot.Turns {
    private static final long BAR_MILLIS = 250;
    private static final long PLAIN_MILLIS = 5_000;

    /** How long tasks have to answer. */
    private static final long ANSWER_MILLIS = 100;

    /** Who reads old data does not want to know how many years ago that was. */
    private static final long LONGEST_LAG_MILLIS = 24 * 3_600_000L;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final String jobName;
    private final ProgressStyle style;
    private final Collection<Task> tasks;
    private final Runnable ask;
    private final LongSupplier committedEpoch;
    private final PrintStream out;

    private long began = Long.MIN_VALUE;
    private long next = Long.MIN_VALUE;
    private boolean asked;
    private long shownAt;
    private long shownElements;
    private long epoch;
    private long epochAt;

    /**
     * @param ask sends every task a {@link Message.SayHowFar}
     * @param committedEpoch the newest committed checkpoint, 0 when there is none
     */
    ProgressReport(
            String jobName,
            ProgressStyle style,
            Collection<Task> tasks,
            Runnable ask,
            LongSupplier committedEpoch,
            PrintStream out) {
        this.jobName = jobName;
        this.style = style;
        this.tasks = tasks;
        this.ask = ask;
        this.committedEpoch = committedEpoch;
        this.out = out;
    }

    private long period() {
        return style == ProgressStyle.BAR ? BAR_MILLIS : PLAIN_MILLIS;
    }

    @Override
    public Task.Outcome step(long now, int budget) {
        if (began == Long.MIN_VALUE) {
            began = now;
            shownAt = now;
            next = now + period() - ANSWER_MILLIS;
        } else if (now >= next) {
            if (asked) {
                say(line(sum(tasks.stream().map(Task::gauge).toList()), now));
                next = now + period() - ANSWER_MILLIS;
            } else {
                ask.run();
                next = now + ANSWER_MILLIS;
            }
            asked = !asked;
        }
        return Task.Outcome.WAIT;
    }

    @Override
    public long nextAlarm() {
        return next;
    }

    /** Says a line that stays, for people. */
    void tell(String line) {
        if (style != ProgressStyle.JSON) {
            out.println((style == ProgressStyle.BAR ? "\r\u001b[K" : "") + "  " + line);
        }
    }

    /** Ends the line that changes: what is printed next begins one of its own. */
    void end() {
        if (style == ProgressStyle.BAR) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    private void say(String line) {
        if (style == ProgressStyle.BAR) {
            out.print("\r\u001b[K  " + line);
            out.flush();
        } else {
            out.println(style == ProgressStyle.JSON ? line : "  " + line);
        }
    }

    /** All tasks together; those that have not answered yet count for nothing. */
    static Gauge sum(Collection<@Nullable Gauge> gauges) {
        long elements = 0;
        long watermark = Watermarks.MAX;
        long keys = 0;
        long timers = 0;
        for (Gauge gauge : gauges) {
            if (gauge != null) {
                elements += gauge.elementsRead();
                watermark = Math.min(watermark, gauge.watermark());
                keys += gauge.keys();
                timers += gauge.timers();
            }
        }
        return new Gauge(elements, watermark, keys, timers);
    }

    /** What there is to say of {@code gauge} at {@code now}, and of what has changed since the last time. */
    String line(Gauge gauge, long now) {
        long committed = committedEpoch.getAsLong();
        if (committed != epoch) {
            epoch = committed;
            epochAt = now;
        }
        double perSecond = (gauge.elementsRead() - shownElements) * 1e3 / Math.max(1, now - shownAt);
        shownAt = now;
        shownElements = gauge.elementsRead();
        return style == ProgressStyle.JSON ? json(gauge, perSecond, now) : words(gauge, perSecond, now);
    }

    private String words(Gauge gauge, double perSecond, long now) {
        StringBuilder line = new StringBuilder();
        line.append(String.format(Locale.ROOT, "%,d read, %s/s", gauge.elementsRead(), rounded(perSecond)));
        long watermark = gauge.watermark();
        if (watermark > Watermarks.MIN && watermark < Watermarks.MAX) {
            long lag = now - watermark;
            Instant instant = Instant.ofEpochMilli(watermark);
            line.append("   watermark ");
            if (lag < LONGEST_LAG_MILLIS && lag > -LONGEST_LAG_MILLIS) {
                line.append(TIME.format(instant)).append(String.format(Locale.ROOT, " (lag %,.1f s)", lag / 1e3));
            } else {
                line.append(DAY_AND_TIME.format(instant));
            }
        }
        if (gauge.keys() > 0) {
            line.append(String.format(Locale.ROOT, "   %,d keys", gauge.keys()));
        }
        if (gauge.timers() > 0) {
            line.append(String.format(Locale.ROOT, "   %,d timers", gauge.timers()));
        }
        if (epoch > 0) {
            line.append(String.format(Locale.ROOT, "   checkpoint #%d %.1f s ago", epoch, (now - epochAt) / 1e3));
        }
        return line.append(String.format(Locale.ROOT, "   %.0f s", (now - began) / 1e3))
                .toString();
    }

    private static String rounded(double number) {
        if (number >= 1e6) {
            return String.format(Locale.ROOT, "%.1f M", number / 1e6);
        }
        return number >= 1e4
                ? String.format(Locale.ROOT, "%.0f k", number / 1e3)
                : String.format(Locale.ROOT, "%,.0f", number);
    }

    private String json(Gauge gauge, double perSecond, long now) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("job", jobName);
        json.put("seconds", (now - began) / 1e3);
        json.put("elementsRead", gauge.elementsRead());
        json.put("elementsPerSecond", Math.round(perSecond));
        if (gauge.watermark() > Watermarks.MIN && gauge.watermark() < Watermarks.MAX) {
            json.put("watermark", Instant.ofEpochMilli(gauge.watermark()).toString());
        } else {
            json.putNull("watermark");
        }
        json.put("keys", gauge.keys());
        json.put("timers", gauge.timers());
        json.put("checkpoint", epoch);
        return json.toString();
    }
}
