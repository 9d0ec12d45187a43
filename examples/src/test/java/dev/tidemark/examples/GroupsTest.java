package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The four groups give what the oracle says, on every runner, as a stream and as a bounded whole. */
final class GroupsTest {
    private static final OnRunner DIRECT = new OnRunner("direct", "--runner=DirectRunner", "--targetParallelism=2");

    /** One thread keeps the order of arrival, which this runner does not promise otherwise. */
    private static final OnRunner DIRECT_IN_ORDER =
            new OnRunner("direct, one thread", "--runner=DirectRunner", "--targetParallelism=1", "--streaming=true");

    /** Nine of ten seconds of these tests go to the direct runner's streams, so that a second build of the same sources may spare them. */
    private static final boolean DIRECT_STREAMS = !"false".equals(System.getProperty("groups.direct.streams"));

    private static OnRunner tidemark(int parallelism) {
        return new OnRunner(
                "tidemark × " + parallelism, "--runner=TidemarkRunner", "--tidemarkParallelism=" + parallelism);
    }

    private static Stream<OnRunner> streamsAndWholes() {
        return Stream.of(DIRECT, tidemark(1), tidemark(2), tidemark(8))
                .flatMap(runner -> Stream.of(runner.and("--streaming=true"), runner.and("--streaming=false")))
                .filter(runner -> DIRECT_STREAMS || !runner.equals(DIRECT.and("--streaming=true")));
    }

    private static Stream<OnRunner> orderedStreams() {
        return Stream.of(
                        DIRECT_IN_ORDER,
                        tidemark(1).and("--streaming=true"),
                        tidemark(2).and("--streaming=true"),
                        tidemark(8).and("--streaming=true"))
                .filter(runner -> DIRECT_STREAMS || !runner.equals(DIRECT_IN_ORDER));
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void sessionsOfThePhone(OnRunner runner) throws IOException {
        Recorded phone = Recorded.phone();
        assertThat(runner.lines(new UserSessionsExample(), phone.input())).isEqualTo(Oracle.sessions(phone.readings()));
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void sessionsOfTheWatch(OnRunner runner) throws IOException {
        Recorded watch = Recorded.watch();
        assertThat(runner.lines(new UserSessionsExample(), watch.input())).isEqualTo(Oracle.sessions(watch.readings()));
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void sessionsOfManyUsers(OnRunner runner) throws IOException {
        Recorded generated = Recorded.generated(12_000, 30, 4);
        assertThat(runner.lines(new UserSessionsExample(), generated.input()))
                .isEqualTo(Oracle.sessions(generated.readings()))
                .hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void sessionsLongEnoughToBeClosedByTheirCount(OnRunner runner) throws IOException {
        Recorded generated = Recorded.generated(15_000, 4, 5);
        assertThat(runner.lines(new UserSessionsExample(), generated.input()))
                .isEqualTo(Oracle.sessions(generated.readings()));
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void averagesOfBothRecordings(OnRunner runner) throws IOException {
        for (Recorded recording : List.of(Recorded.phone(), Recorded.watch())) {
            assertThat(runner.lines(new CountWindowExample(), recording.input()))
                    .isEqualTo(Oracle.averages(recording.readings()));
        }
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void averagesOfManyDevices(OnRunner runner) throws IOException {
        Recorded generated = Recorded.generated(12_000, 30, 6);
        assertThat(runner.lines(new CountWindowExample(), generated.input()))
                .isEqualTo(Oracle.averages(generated.readings()))
                .hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void burstsOfThePhone(OnRunner runner) throws IOException {
        Recorded phone = Recorded.phone();
        assertThat(runner.lines(new BurstAlertExample(), phone.input()))
                .isEqualTo(Oracle.bursts(phone.readings()))
                .anyMatch(line -> line.contains("\talert\t"))
                .anyMatch(line -> line.contains("\tall clear\t"));
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void burstsOfManyUsers(OnRunner runner) throws IOException {
        Recorded generated = Recorded.generated(20_000, 10, 7);
        assertThat(runner.lines(new BurstAlertExample(), generated.input()))
                .isEqualTo(Oracle.bursts(generated.readings()))
                .hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void countsPerWindowInPlainBeam(OnRunner runner) throws IOException {
        Recorded generated = Recorded.generated(6_000, 10, 9);
        assertThat(runner.lines(new ActivityCountsExample(), generated.input()))
                .isEqualTo(Oracle.counts(generated.readings()));
    }

    @ParameterizedTest
    @MethodSource("orderedStreams")
    void activitiesInTheOrderOfArrival(OnRunner runner) throws IOException {
        Recorded generated = Recorded.inOrder(6_000, 20, 8);
        assertThat(runner.lines(new UserActivityExample(), generated.input()))
                .isEqualTo(Oracle.activities(generated.readings()));
    }

    @ParameterizedTest
    @MethodSource("streamsAndWholes")
    void anEmptyInputGivesAnEmptyResult(OnRunner runner) {
        GeneratedActivity nothing = GeneratedActivity.of(0, 1, 1);
        for (Example example : List.of(
                new UserSessionsExample(),
                new CountWindowExample(),
                new UserActivityExample(),
                new BurstAlertExample(),
                new ActivityCountsExample())) {
            assertThat(runner.lines(example, nothing)).isEmpty();
        }
    }
}
