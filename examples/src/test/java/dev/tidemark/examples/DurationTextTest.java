package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "5s,         PT5S",
        "0s,         PT0S",
        "250ms,      PT0.25S",
        "10m,        PT10M",
        "12h,        PT12H",
        "7d,         PT168H",
        "10 minutes, PT10M",
        "1 Day,      PT24H",
        "PT10M,      PT10M",
        "pt1.5s,     PT1.5S",
    })
    void aNumberWithAUnitOrIsoIsADuration(String text, Duration expected) {
        assertThat(DurationText.parse("outOfOrderness", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "5,             it has no unit",
        "5 parsecs,     'there is no unit \"parsecs\"'",
        "5ss,           'there is no unit \"ss\"'",
        "s,             it is not a number with a unit after it",
        "-5s,           it is not a number with a unit after it",
        "1.5s,          it is not a number with a unit after it",
        "'',            it is not a number with a unit after it",
        "PT,            it is not an ISO-8601 duration",
        "PT-5S,         it is negative",
        "999999999999d, it is too long",
        "99999999999999999999s, it is too long",
    })
    void anythingElseIsRefusedWithTheOptionTheReasonAndTheRemedy(String text, String why) {
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> DurationText.parse("outOfOrderness", text))
                .withMessage("Cannot use --outOfOrderness=" + text + ": " + why + "\n"
                        + "  Write a number and ms, s, m, h or d (5s, 10m, \"10 minutes\"), or ISO-8601 (PT10M)."
                        + " [TM-OPTION-001]")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(ExampleException.Kind.USAGE));
    }
}
