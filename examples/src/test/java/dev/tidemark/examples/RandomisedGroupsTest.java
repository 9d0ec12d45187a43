package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups with drawn handlers give the same rows on this runner and on the direct one, as a stream and as a batch. */
@Tag("any-jdk")
final class RandomisedGroupsTest {
    /** One of each class. */
    private static IntStream some() {
        return IntStream.range(0, 3);
    }

    private static IntStream others() {
        return IntStream.range(3, RandomisedGroups.COUNT);
    }

    @ParameterizedTest
    @MethodSource("some")
    void theSameRowsOnBothRunnersInStreamAndInBatch(int group) {
        compare(group);
    }

    @ParameterizedTest
    @Tag("parity")
    @MethodSource("others")
    void theSameRowsOnBothRunnersOfTheOtherGroups(int group) {
        compare(group);
    }

    @Test
    void theSameRowsAtTheEndOfEachWindowOnBothRunners() {
        assertThat(RandomisedGroups.endsOfWindows("--runner=TidemarkRunner", "--tidemarkParallelism=3"))
                .isEqualTo(RandomisedGroups.endsOfWindows("--runner=DirectRunner", "--targetParallelism=1"))
                .hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSameRowsOfAGroupThatTakesSeveralEventsInOrderOnBothRunners(boolean streaming) {
        assertThat(RandomisedGroups.inOrderAtOnce(streaming, "--runner=TidemarkRunner", "--tidemarkParallelism=3"))
                .isEqualTo(RandomisedGroups.inOrderAtOnce(false, "--runner=DirectRunner", "--targetParallelism=1"))
                .isEqualTo(RandomisedGroups.inOrderAtOnce(true, "--runner=DirectRunner", "--targetParallelism=2"))
                .hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noRowOfAGroupWhoseEventsWaitIsTooLateForItsWindowOnBothRunners(boolean streaming) {
        List<String> counts =
                RandomisedGroups.countsAtOnce(streaming, "--runner=TidemarkRunner", "--tidemarkParallelism=3");
        assertThat(counts)
                .isEqualTo(RandomisedGroups.countsAtOnce(streaming, "--runner=DirectRunner", "--targetParallelism=1"))
                .hasSizeGreaterThan(50);
        // What the group counts until the end of its window is what comes out of it.
        assertThat(counts.stream().filter(each -> each.contains(" event ")).count() * 2)
                .isEqualTo(counts.size());
        counts.stream()
                .filter(each -> each.contains(" event "))
                .forEach(each -> assertThat(counts).contains(each.replaceAll(" event (\\d+) ", " all $1 1 ")));
    }

    private static void compare(int group) {
        List<String> expected = RandomisedGroups.rows(group, false, "--runner=DirectRunner", "--targetParallelism=1");
        assertThat(expected).as("rows of group %d", group).hasSizeGreaterThan(20);
        assertThat(RandomisedGroups.rows(group, true, "--runner=DirectRunner", "--targetParallelism=2"))
                .as("group %d on the direct runner, streaming", group)
                .isEqualTo(expected);
        for (boolean streaming : List.of(false, true)) {
            assertThat(RandomisedGroups.rows(group, streaming, "--runner=TidemarkRunner", "--tidemarkParallelism=3"))
                    .as("group %d on tidemark, streaming: %s", group, streaming)
                    .isEqualTo(expected);
        }
    }
}
