package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same on Flink: run by the profile {@code parity}. */
@Tag("parity")
final class RandomisedGroupsOnFlinkTest {
    private static IntStream groups() {
        return IntStream.range(0, RandomisedGroups.COUNT);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void theSameRowsOnFlinkInStreamAndInBatch(int group) {
        List<String> expected = RandomisedGroups.rows(group, false, "--runner=DirectRunner", "--targetParallelism=1");
        for (boolean streaming : List.of(false, true)) {
            assertThat(RandomisedGroups.rows(
                            group,
                            streaming,
                            "--runner=FlinkRunner",
                            "--flinkMaster=[local]",
                            "--parallelism=1",
                            "--streaming=" + streaming))
                    .as("group %d on flink, streaming: %s", group, streaming)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSameRowsOnFlinkOfGroupsThatTakeSeveralEvents(boolean streaming) {
        String[] flink = {"--runner=FlinkRunner", "--flinkMaster=[local]", "--parallelism=1", "--streaming=" + streaming
        };
        String[] direct = {"--runner=DirectRunner", "--targetParallelism=1"};
        assertThat(RandomisedGroups.inOrderAtOnce(streaming, flink))
                .isEqualTo(RandomisedGroups.inOrderAtOnce(streaming, direct));
        assertThat(RandomisedGroups.countsAtOnce(streaming, flink))
                .isEqualTo(RandomisedGroups.countsAtOnce(streaming, direct));
    }
}
