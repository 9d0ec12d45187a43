package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same on Flink, embedded: run by the profile {@code parity}, which alone has Flink on the class path. */
@Tag("parity")
final class GroupsOnFlinkTest {
    private static final OnRunner FLINK = new OnRunner(
            "flink",
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--parallelism=2",
            "--objectReuse=true",
            "--fasterCopy=true");

    private static Stream<OnRunner> streamsAndWholes() {
        return Stream.of(FLINK.and("--streaming=true"), FLINK.and("--streaming=false"));
    }

    private static List<Recorded> inputs() throws IOException {
        return List.of(Recorded.phone(), Recorded.watch(), Recorded.generated(12_000, 30, 4));
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void sessions(OnRunner runner) throws IOException {
        for (Recorded input : inputs()) {
            assertThat(runner.lines(new UserSessionsExample(), input.input()))
                    .isEqualTo(Oracle.sessions(input.readings()));
        }
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void averages(OnRunner runner) throws IOException {
        // Other readings than above: here no window may end between two readings of the same time, whose order is open.
        for (Recorded input : List.of(Recorded.phone(), Recorded.watch(), Recorded.generated(15_000, 4, 5))) {
            assertThat(runner.lines(new CountWindowExample(), input.input()))
                    .isEqualTo(Oracle.averages(input.readings()));
        }
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void bursts(OnRunner runner) throws IOException {
        for (Recorded input : inputs()) {
            assertThat(runner.lines(new BurstAlertExample(), input.input())).isEqualTo(Oracle.bursts(input.readings()));
        }
    }

    @Test
    void activitiesInTheOrderOfArrival() throws IOException {
        Recorded generated = Recorded.inOrder(6_000, 20, 8);
        assertThat(FLINK.and("--streaming=true").lines(new UserActivityExample(), generated.input()))
                .isEqualTo(Oracle.activities(generated.readings()));
    }
}
