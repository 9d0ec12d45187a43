package dev.tidemark.examples;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them on a command line: {@code 5s}, {@code 10 minutes}, {@code PT1M30S}. */
final class DurationText {
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]+)\\s*(\\p{L}*)");

    private static final Map<String, Duration> UNITS = Map.ofEntries(
            Map.entry("ms", Duration.ofMillis(1)),
            Map.entry("millisecond", Duration.ofMillis(1)),
            Map.entry("s", Duration.ofSeconds(1)),
            Map.entry("second", Duration.ofSeconds(1)),
            Map.entry("m", Duration.ofMinutes(1)),
            Map.entry("minute", Duration.ofMinutes(1)),
            Map.entry("h", Duration.ofHours(1)),
            Map.entry("hour", Duration.ofHours(1)),
            Map.entry("d", Duration.ofDays(1)),
            Map.entry("day", Duration.ofDays(1)));

    private DurationText() {}

    /** The duration that an option says, zero or longer. */
    static Duration parse(String option, String text) {
        String trimmed = text.strip();
        if (trimmed.toUpperCase(Locale.ROOT).startsWith("P")) {
            return iso(option, text, trimmed);
        }
        Matcher matcher = NUMBER_AND_UNIT.matcher(trimmed);
        if (!matcher.matches()) {
            throw wrong(option, text, "it is not a number with a unit after it");
        }
        String unit = matcher.group(2).toLowerCase(Locale.ROOT);
        if (unit.isEmpty()) {
            throw wrong(option, text, "it has no unit");
        }
        Duration one = UNITS.get(unit.length() > 2 && unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit);
        if (one == null) {
            throw wrong(option, text, "there is no unit \"" + matcher.group(2) + "\"");
        }
        try {
            return bounded(option, text, one.multipliedBy(Long.parseLong(matcher.group(1))));
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(option, text, "it is too long");
        }
    }

    private static Duration iso(String option, String text, String trimmed) {
        try {
            Duration duration = Duration.parse(trimmed);
            if (duration.isNegative()) {
                throw wrong(option, text, "it is negative");
            }
            return bounded(option, text, duration);
        } catch (DateTimeParseException e) {
            throw wrong(option, text, "it is not an ISO-8601 duration");
        }
    }

    /** A hundred thousand days: beyond that, adding it to a time leaves the range of times. */
    private static Duration bounded(String option, String text, Duration duration) {
        if (duration.compareTo(Duration.ofDays(100_000)) > 0) {
            throw wrong(option, text, "it is too long");
        }
        return duration;
    }

    private static ExampleException wrong(String option, String text, String why) {
        return ExampleException.usage(
                "TM-OPTION-001",
                "Cannot use --" + option + "=" + text,
                why,
                "Write a number and ms, s, m, h or d (5s, 10m, \"10 minutes\"), or ISO-8601 (PT10M).");
    }
}
