package dev.tidemark.processor.validation;

import dev.tidemark.processor.declaration.Written;

/** Reads the durations that are written in annotations, and says what is wrong with them. */
final class DurationReader {
    private final ValidationReport.Builder report;

    DurationReader(ValidationReport.Builder report) {
        this.report = report;
    }

    /** In milliseconds; 0 if nothing is written, or something wrong. */
    long read(String what, Written<String> written, boolean zeroAllowed) {
        if (!written.explicit()) {
            return 0;
        }
        Durations.Parsed parsed = Durations.parse(written.value());
        if (parsed instanceof Durations.Parsed.Unreadable unreadable) {
            report.add(
                    ErrorCode.TimeoutSyntax,
                    written.site(),
                    "\"%s\" is not a %s: %s",
                    written.value(),
                    what,
                    unreadable.problem());
            return 0;
        }
        if (parsed instanceof Durations.Parsed.TooLong) {
            report.add(
                    ErrorCode.TimeoutTooLong,
                    written.site(),
                    "the %s \"%s\" is longer than Beam can count",
                    what,
                    written.value());
            return 0;
        }
        long millis = ((Durations.Parsed.Millis) parsed).value();
        if (millis < 0 || (millis == 0 && !zeroAllowed)) {
            report.add(
                    ErrorCode.TimeoutNotPositive,
                    written.site(),
                    zeroAllowed
                            ? "the %s must not be negative, but is \"%s\""
                            : "the %s must be longer than zero, but is \"%s\"",
                    what,
                    written.value());
        }
        return millis;
    }
}
