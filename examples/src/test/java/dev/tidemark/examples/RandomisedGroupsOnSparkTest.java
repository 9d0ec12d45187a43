package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same on Spark: run by the profile {@code spark}. */
@Tag("spark")
final class RandomisedGroupsOnSparkTest {
    private static IntStream groups() {
        return IntStream.range(0, RandomisedGroups.COUNT);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void theSameRowsOnSparkInBatch(int group) {
        assertThat(RandomisedGroups.rows(group, false, GroupsOnSparkTest.ARGUMENTS))
                .as("group %d on spark", group)
                .isEqualTo(RandomisedGroups.rows(group, false, "--runner=DirectRunner", "--targetParallelism=1"))
                .hasSizeGreaterThan(20);
    }

    @Test
    void theSameRowsOnSparkOfGroupsThatTakeSeveralEvents() {
        String[] direct = {"--runner=DirectRunner", "--targetParallelism=1"};
        assertThat(RandomisedGroups.inOrderAtOnce(false, GroupsOnSparkTest.ARGUMENTS))
                .isEqualTo(RandomisedGroups.inOrderAtOnce(false, direct));
        assertThat(RandomisedGroups.countsAtOnce(false, GroupsOnSparkTest.ARGUMENTS))
                .isEqualTo(RandomisedGroups.countsAtOnce(false, direct));
    }
}
