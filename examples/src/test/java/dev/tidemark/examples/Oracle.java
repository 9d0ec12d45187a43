package dev.tidemark.examples;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the four groups must give, worked out the plain way: all readings of a key in a list, sorted by event time, and one loop
 * over it. It shares nothing with the groups but the readings. Lines are sorted.
 */
final class Oracle {
    private Oracle() {}

    /** A session ends when more than 5 s pass without a reading, or with its reading number 1,001. */
    static List<String> sessions(List<Reading> readings) {
        List<String> lines = new ArrayList<>();
        byKey(readings, Reading::user).forEach((user, ofUser) -> {
            List<Reading> session = new ArrayList<>();
            for (int i = 0; i < ofUser.size(); i++) {
                Reading reading = ofUser.get(i);
                if (!session.isEmpty()
                        && reading.millis() - session.get(session.size() - 1).millis() > 5_000) {
                    lines.add(sessionLine(user, session));
                    session.clear();
                }
                session.add(reading);
                if (session.size() == 1_001) {
                    refuseTieAfter(ofUser, i);
                    lines.add(sessionLine(user, session));
                    session.clear();
                }
            }
            if (!session.isEmpty()) {
                lines.add(sessionLine(user, session));
            }
        });
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    private static String sessionLine(String user, List<Reading> session) {
        TreeSet<String> activities = new TreeSet<>();
        session.forEach(reading -> activities.add(reading.activity()));
        return user + "\t" + String.join(",", activities) + "\t" + sixDecimals(averageOfX(session));
    }

    /** A line for every 500 readings of a device; what is left over gives none. */
    static List<String> averages(List<Reading> readings) {
        List<String> lines = new ArrayList<>();
        byKey(readings, Reading::device).forEach((device, ofDevice) -> {
            for (int end = 500; end <= ofDevice.size(); end += 500) {
                refuseTieAfter(ofDevice, end - 1);
                lines.add(device + "\t" + sixDecimals(averageOfX(ofDevice.subList(end - 500, end))));
            }
        });
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    /**
     * An alert at the first jolt that is the fourth or later within the last 60 s; an all-clear when 60 s pass without one after an
     * alert. Then all begins anew.
     */
    static List<String> bursts(List<Reading> readings) {
        List<String> lines = new ArrayList<>();
        byKey(readings, Reading::user).forEach((user, ofUser) -> {
            List<Long> recent = new ArrayList<>();
            boolean alerted = false;
            @Nullable Long last = null;
            for (Reading reading : ofUser) {
                long t = reading.millis();
                if (!(reading.x() * reading.x() + reading.y() * reading.y() + reading.z() * reading.z() > 14 * 14)) {
                    continue;
                }
                if (last != null && t - last > 60_000) {
                    if (alerted) {
                        lines.add(user + "\tall clear\t" + Instant.ofEpochMilli(last + 60_000));
                    }
                    recent.clear();
                    alerted = false;
                }
                last = t;
                recent.add(t);
                recent.removeIf(before -> before < t - 60_000);
                if (recent.size() > 3 && !alerted) {
                    alerted = true;
                    lines.add(user + "\talert\t" + Instant.ofEpochMilli(t) + "\t" + recent.size());
                }
            }
            if (alerted && last != null) {
                lines.add(user + "\tall clear\t" + Instant.ofEpochMilli(last + 60_000));
            }
        });
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    /** After every reading, in the order of arrival, what its user is doing: since when, and until when as far as known. */
    static List<String> activities(List<Reading> readings) {
        record Span(String activity, long start, long end) {}
        Map<String, Span> spans = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        for (Reading reading : readings) {
            long t = reading.millis();
            Span old = spans.get(reading.user());
            Span span;
            if (old == null || (!old.activity().equals(reading.activity()) && t > old.end())) {
                span = new Span(reading.activity(), t, t);
            } else if (old.activity().equals(reading.activity())) {
                span = new Span(old.activity(), Math.min(old.start(), t), Math.max(old.end(), t));
            } else {
                span = old;
            }
            spans.put(reading.user(), span);
            lines.add(reading.user() + "\t" + span.activity() + "\t" + Instant.ofEpochMilli(span.start()) + "\t"
                    + Instant.ofEpochMilli(span.end()));
        }
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    /** How often each activity was seen per window of ten seconds, those beginning every ten and those every five. */
    static List<String> counts(List<Reading> readings) {
        Map<String, Long> counts = new TreeMap<>();
        for (Reading reading : readings) {
            long start = Math.floorDiv(reading.millis(), 5_000) * 5_000;
            long tumbling = Math.floorDiv(reading.millis(), 10_000) * 10_000;
            for (String window : List.of(
                    "tumbling\t" + java.time.Instant.ofEpochMilli(tumbling),
                    "sliding\t" + java.time.Instant.ofEpochMilli(start),
                    "sliding\t" + java.time.Instant.ofEpochMilli(start - 5_000))) {
                counts.merge(window + "\t" + reading.activity(), 1L, Long::sum);
            }
        }
        return counts.entrySet().stream()
                .map(each -> each.getKey() + "\t" + each.getValue())
                .sorted()
                .toList();
    }

    private static Map<String, List<Reading>> byKey(List<Reading> readings, Function<Reading, String> key) {
        Map<String, List<Reading>> byKey = new TreeMap<>();
        readings.stream()
                .sorted(Comparator.comparingLong(Reading::millis))
                .forEach(reading -> byKey.computeIfAbsent(key.apply(reading), k -> new ArrayList<>())
                        .add(reading));
        return byKey;
    }

    /** Where a count cuts between two readings of one time, the answer depends on the order among equals: not an example to test with. */
    private static void refuseTieAfter(List<Reading> sorted, int index) {
        if (index + 1 < sorted.size()
                && sorted.get(index).millis() == sorted.get(index + 1).millis()) {
            throw new IllegalArgumentException(
                    "a cut between equal times, after " + sorted.get(index) + ": choose other readings");
        }
    }

    private static double averageOfX(List<Reading> readings) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Reading reading : readings) {
            sum = sum.add(new BigDecimal(reading.x()));
        }
        return sum.divide(BigDecimal.valueOf(readings.size()), MathContext.DECIMAL128)
                .doubleValue();
    }

    private static String sixDecimals(double number) {
        return String.format(Locale.ROOT, "%.6f", number);
    }
}
