package dev.tidemark.processor.validation;

import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations: ISO-8601, or a number and a unit such as {@code 5s} and {@code 10 minutes}, or several of these. */
final class Durations {
    private static final Pattern PART = Pattern.compile("\\s*(\\d+)\\s*(\\p{L}+)\\s*");
    private static final BigInteger LONGEST = BigInteger.valueOf(Long.MAX_VALUE / 4);
    private static final Map<String, Long> UNITS = units();

    private Durations() {}

    /** What came of a text. */
    sealed interface Parsed {
        /** A duration, of zero or more milliseconds or less than none. */
        record Millis(long value) implements Parsed {}

        /** No duration; {@code problem} continues a sentence. */
        record Unreadable(String problem) implements Parsed {}

        /** Longer than can be counted. */
        record TooLong() implements Parsed {}
    }

    static Parsed parse(String text) {
        String trimmed = text.trim();
        if (trimmed.isEmpty()) {
            return new Parsed.Unreadable("it is empty. Write for example \"5s\", \"30m\", \"12h\" or \"7d\"");
        }
        String upper = trimmed.toUpperCase(Locale.ROOT);
        if (upper.startsWith("P") || upper.startsWith("-P") || upper.startsWith("+P")) {
            return iso(trimmed);
        }
        boolean negative = trimmed.startsWith("-");
        return units(negative ? trimmed.substring(1) : trimmed, negative);
    }

    private static Parsed iso(String text) {
        try {
            long millis = Duration.parse(text).toMillis();
            return millis > LONGEST.longValueExact() ? new Parsed.TooLong() : new Parsed.Millis(millis);
        } catch (DateTimeParseException e) {
            return e.getCause() instanceof ArithmeticException
                    ? new Parsed.TooLong()
                    : new Parsed.Unreadable(
                            "it begins like ISO-8601 but is none. Write for example \"PT5S\" or \"5s\"");
        } catch (ArithmeticException e) {
            return new Parsed.TooLong();
        }
    }

    private static Parsed units(String text, boolean negative) {
        Matcher part = PART.matcher(text);
        BigInteger total = BigInteger.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            end = part.end();
            Long unit = UNITS.get(part.group(2).toLowerCase(Locale.ROOT));
            if (unit == null) {
                return unknownUnit(part.group(1), part.group(2));
            }
            total = total.add(new BigInteger(part.group(1)).multiply(BigInteger.valueOf(unit)));
        }
        if (end == 0 || end < text.length()) {
            return text.chars().allMatch(Character::isDigit)
                    ? new Parsed.Unreadable("it has no unit. Did you mean \"" + text + "s\"?")
                    : new Parsed.Unreadable(
                            "it is no number with a unit. Write for example \"5s\", \"30m\", \"12h\" or \"7d\"");
        }
        if (total.compareTo(LONGEST) > 0) {
            return new Parsed.TooLong();
        }
        return new Parsed.Millis(negative ? -total.longValueExact() : total.longValueExact());
    }

    private static Parsed unknownUnit(String number, String unit) {
        Optional<String> near = Suggestions.nearest(unit.toLowerCase(Locale.ROOT), words());
        return new Parsed.Unreadable("no unit \"" + unit + "\". "
                + near.map(word -> "Did you mean \"" + number + " " + word + "\"?")
                        .orElse("The units are ms, s, m, h, d and their names"));
    }

    private static Collection<String> words() {
        List<String> words = new ArrayList<>();
        for (String unit : UNITS.keySet()) {
            if (unit.length() > 2) {
                words.add(unit);
            }
        }
        return words;
    }

    private static Map<String, Long> units() {
        Map<String, Long> units = new TreeMap<>();
        put(units, 1, "ms", "milli", "millis", "millisecond", "milliseconds");
        put(units, 1000, "s", "sec", "secs", "second", "seconds");
        put(units, 60_000, "m", "min", "mins", "minute", "minutes");
        put(units, 3_600_000, "h", "hour", "hours");
        put(units, 86_400_000, "d", "day", "days");
        return Map.copyOf(units);
    }

    private static void put(Map<String, Long> units, long millis, String... names) {
        for (String name : names) {
            units.put(name, millis);
        }
    }
}
