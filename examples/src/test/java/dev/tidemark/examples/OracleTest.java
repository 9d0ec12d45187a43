package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Facts about the real recordings, and small cases worked out by hand, that the oracle has to give. */
final class OracleTest {
    private static Reading at(long millis, double x, String activity) {
        return new Reading(0, millis, x, 0, 0, "u", "d", activity);
    }

    @Test
    void aSessionGoesOnAfterExactlyFiveSecondsAndEndsAfterOneMillisecondMore() {
        assertThat(Oracle.sessions(List.of(at(0, 1, "walk"), at(5_000, 2, "sit"))))
                .containsExactly("u\tsit,walk\t1.500000");
        assertThat(Oracle.sessions(List.of(at(0, 1, "walk"), at(5_001, 2, "sit"))))
                .containsExactly("u\tsit\t2.000000", "u\twalk\t1.000000");
    }

    @Test
    void theReadingNumberOneThousandAndOneClosesASession() {
        List<Reading> readings = Stream.iterate(0, i -> i + 1)
                .limit(1_002)
                .map(i -> at(i, i < 1_001 ? 1 : 7, "sit"))
                .toList();
        assertThat(Oracle.sessions(readings)).containsExactly("u\tsit\t1.000000", "u\tsit\t7.000000");
    }

    @Test
    void thePhoneHasSevenActivitiesInTenSessions() throws IOException {
        List<Reading> readings = RealFiles.readings(RealFiles.phone());
        assertThat(readings).hasSize(7_008);
        assertThat(readings.stream().map(Reading::activity).distinct())
                .containsExactlyInAnyOrder("stand", "sit", "walk", "stairsup", "stairsdown", "bike", "null");
        assertThat(Oracle.sessions(readings)).hasSize(8);
        assertThat(Oracle.averages(readings)).hasSize(14);
    }

    @Test
    void theWatchHasThreeActivitiesWithoutASilence() throws IOException {
        List<Reading> readings = RealFiles.readings(RealFiles.watch());
        assertThat(readings).hasSize(10_000);
        assertThat(readings.stream().map(Reading::activity).distinct())
                .containsExactlyInAnyOrder("stand", "sit", "null");
        assertThat(Oracle.sessions(readings)).hasSize(10);
        assertThat(Oracle.averages(readings)).hasSize(20);
    }

    @Test
    void theParserOfTheExamplesReadsTheRecordingsAsTheTestsDo() throws IOException {
        for (var file : List.of(RealFiles.phone(), RealFiles.watch())) {
            assertThat(Feeds.rows(ActivityFile.at(file.toString(), EventTimeColumn.CREATION)))
                    .isEqualTo(RealFiles.readings(file));
        }
    }
}
