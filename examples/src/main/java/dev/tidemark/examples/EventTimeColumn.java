package dev.tidemark.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Which column says when a reading happened, and in which unit. */
public enum EventTimeColumn {
    /** When the sensor made the sample: nanoseconds, of the epoch on a phone, of its uptime on a watch. */
    CREATION("Creation_Time", 1_000_000),
    /** When the sample reached the recording application: milliseconds of the epoch on every device. */
    ARRIVAL("Arrival_Time", 1);

    /** What nanoseconds since the epoch can say in a long: the years 1677 to 2262. */
    private static final long LAST_MILLIS = Long.MAX_VALUE / 1_000_000;

    /** More characters than any time needs. */
    private static final int LONGEST = 64;

    private final String header;
    private final long unitsPerMilli;

    EventTimeColumn(String header, long unitsPerMilli) {
        this.header = header;
        this.unitsPerMilli = unitsPerMilli;
    }

    String header() {
        return header;
    }

    /** The column that the option names. */
    static EventTimeColumn of(String option) {
        for (EventTimeColumn column : values()) {
            if (column.name().equalsIgnoreCase(option.strip())) {
                return column;
            }
        }
        throw ExampleException.usage(
                "TM-OPTION-002",
                "Cannot use --eventTime=" + option,
                "there is no such event time",
                "Write --eventTime=creation (when the sensor made the sample, the default) or --eventTime=arrival (when"
                        + " it reached the application: the only one that compares across devices).");
    }

    /** The milliseconds that {@code text} means, rounded down. */
    long millis(String text) throws MalformedRowException {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.equals("null")) {
            throw new MalformedRowException(header + " is missing");
        }
        long units;
        if (trimmed.length() <= 18 && isDigits(trimmed)) {
            units = Long.parseLong(trimmed);
        } else {
            BigDecimal exact = decimal(trimmed);
            BigDecimal last = BigDecimal.valueOf(LAST_MILLIS).multiply(BigDecimal.valueOf(unitsPerMilli));
            if (exact.abs().compareTo(last) > 0) {
                throw new MalformedRowException(header + " is out of range (the years 1677 to 2262)");
            }
            units = exact.setScale(0, RoundingMode.FLOOR).longValueExact();
        }
        long millis = Math.floorDiv(units, unitsPerMilli);
        if (Math.abs(millis) > LAST_MILLIS) {
            throw new MalformedRowException(header + " is out of range (the years 1677 to 2262)");
        }
        return millis;
    }

    private BigDecimal decimal(String text) throws MalformedRowException {
        if (text.length() > LONGEST) {
            throw new MalformedRowException(header + " has more digits than a time has");
        }
        switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity" ->
                throw new MalformedRowException(header + " is not a finite number");
            default -> {
                try {
                    BigDecimal number = new BigDecimal(text);
                    if (number.signum() == 0) {
                        return BigDecimal.ZERO;
                    }
                    // An exponent of a billion is quickly written, and takes for ever to write out.
                    if (number.scale() > LONGEST) {
                        throw new MalformedRowException(header + " has more digits than a time has");
                    }
                    return number;
                } catch (NumberFormatException e) {
                    throw new MalformedRowException(header + " is not a number", e);
                }
            }
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
