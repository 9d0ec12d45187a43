package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same on Spark, in batch: run by the profile {@code spark}, which alone has Spark on the class path. */
@Tag("spark")
final class GroupsOnSparkTest {
    static final String[] ARGUMENTS = {"--runner=SparkRunner", "--sparkMaster=local[2]", "--streaming=false"};
    private static final OnRunner SPARK = new OnRunner("spark", ARGUMENTS);

    private static List<Recorded> inputs() throws IOException {
        return List.of(Recorded.phone(), Recorded.watch(), Recorded.generated(12_000, 30, 4));
    }

    @Test
    void sessions() throws IOException {
        for (Recorded input : inputs()) {
            assertThat(SPARK.lines(new UserSessionsExample(), input.input()))
                    .isEqualTo(Oracle.sessions(input.readings()))
                    .isNotEmpty();
        }
    }

    @Test
    void averages() throws IOException {
        // Other readings than above: here no window may end between two readings of the same time, whose order is open.
        for (Recorded input : List.of(Recorded.phone(), Recorded.watch(), Recorded.generated(15_000, 4, 5))) {
            assertThat(SPARK.lines(new CountWindowExample(), input.input()))
                    .isEqualTo(Oracle.averages(input.readings()));
        }
    }

    @Test
    void bursts() throws IOException {
        for (Recorded input : inputs()) {
            assertThat(SPARK.lines(new BurstAlertExample(), input.input())).isEqualTo(Oracle.bursts(input.readings()));
        }
    }

    @Test
    void theEndOfAWindow() {
        assertThat(RandomisedGroups.endsOfWindows(ARGUMENTS))
                .isEqualTo(RandomisedGroups.endsOfWindows("--runner=DirectRunner", "--targetParallelism=1"))
                .hasSizeGreaterThan(20);
    }

    @Test
    void anEmptyInput() {
        assertThat(SPARK.lines(new UserSessionsExample(), GeneratedActivity.of(0, 1, 1)))
                .isEmpty();
    }
}
