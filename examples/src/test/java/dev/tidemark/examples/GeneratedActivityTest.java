package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GeneratedActivityTest {
    private static final GeneratedActivity SOME = GeneratedActivity.of(20_000, 37, 42);

    @Test
    void theSameSeedGivesTheSameRows() throws IOException {
        assertThat(Feeds.rows(GeneratedActivity.of(5_000, 10, 7)))
                .isEqualTo(Feeds.rows(GeneratedActivity.of(5_000, 10, 7)));
    }

    @Test
    void anotherSeedGivesOtherRows() throws IOException {
        assertThat(Feeds.rows(GeneratedActivity.of(5_000, 10, 7)))
                .isNotEqualTo(Feeds.rows(GeneratedActivity.of(5_000, 10, 8)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 37, 100})
    void thePartsTogetherHaveExactlyTheRowsOfTheWhole(int parts) throws IOException {
        List<Row> together = new ArrayList<>();
        for (GeneratedActivity part : SOME.split(parts)) {
            together.addAll(Feeds.rows(part));
        }
        assertThat(Feeds.byLine(together)).isEqualTo(Feeds.byLine(Feeds.rows(SOME)));
    }

    @Test
    void thereAreExactlyAsManyRowsAsAskedFor() throws IOException {
        assertThat(Feeds.rows(SOME)).hasSize(20_000);
        assertThat(Feeds.rows(GeneratedActivity.of(3, 10, 1))).hasSize(3);
        assertThat(Feeds.rows(GeneratedActivity.of(0, 10, 1))).isEmpty();
    }

    @Test
    void aboutOneRowInAThousandIsMalformed() throws IOException {
        List<Row> rows = Feeds.rows(GeneratedActivity.of(100_000, 50, 3));
        long malformed = rows.stream().filter(Malformed.class::isInstance).count();
        assertThat(malformed).isBetween(60L, 140L);
        assertThat(rows.stream().filter(Malformed.class::isInstance).map(row -> ((Malformed) row).reason()))
                .contains(
                        "it has 3 columns where the header has 10",
                        "Creation_Time is not a finite number",
                        "Creation_Time is missing",
                        "Creation_Time is out of range (the years 1677 to 2262)",
                        "gt is missing");
    }

    @Test
    void disorderIsThereAndStaysBelowFiveSeconds() throws IOException {
        long latest = Long.MIN_VALUE;
        int backwards = 0;
        long worst = 0;
        for (Reading reading : Feeds.readings(SOME)) {
            if (reading.millis() < latest) {
                backwards++;
                worst = Math.max(worst, latest - reading.millis());
            }
            latest = Math.max(latest, reading.millis());
        }
        assertThat(backwards).isGreaterThan(1_000);
        assertThat(worst).isBetween(2_000L, 4_999L);
    }

    @Test
    void withoutDelayEveryUsersReadingsRiseInTime() throws IOException {
        Map<String, Long> latest = new HashMap<>();
        for (Reading reading : Feeds.readings(SOME.inOrder())) {
            Long before = latest.put(reading.user(), reading.millis());
            assertThat(before == null || before < reading.millis())
                    .as("user %s", reading.user())
                    .isTrue();
        }
        assertThat(latest).hasSize(37);
    }

    @Test
    void usersPauseForLongerThanASessionLasts() throws IOException {
        Set<String> paused = new HashSet<>();
        Map<String, Long> latest = new HashMap<>();
        for (Reading reading : Feeds.readings(SOME.inOrder())) {
            Long before = latest.put(reading.user(), reading.millis());
            if (before != null && reading.millis() - before > 9_000) {
                paused.add(reading.user());
            }
        }
        assertThat(paused).hasSizeGreaterThan(15);
    }

    @Test
    void allSevenActivitiesOccur() throws IOException {
        assertThat(Feeds.readings(SOME).stream().map(Reading::activity).distinct())
                .containsExactlyInAnyOrder("stand", "sit", "walk", "stairsup", "stairsdown", "bike", "null");
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> GeneratedActivity.of(-1, 1, 1))
                .withMessageContaining("Cannot generate -1 readings: that is less than none");
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> GeneratedActivity.of(1, 0, 1))
                .withMessageContaining("Cannot generate readings of 0 users: somebody has to move");
    }
}
