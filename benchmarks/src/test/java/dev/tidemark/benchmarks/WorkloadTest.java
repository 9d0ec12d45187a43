package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured is also right: each run compares its checksum with the closed form. */
final class WorkloadTest {
    @ParameterizedTest
    @EnumSource
    void theLoopGivesTheChecksumOfTheClosedForm(Workload workload) {
        for (long bound : new long[] {0, 1, 999, 1_000, 1_001, 123_456}) {
            assertThat(workload.loop(bound)).as("of %d numbers", bound).isEqualTo(workload.expected(bound));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tidemarkGivesTheChecksumOfTheClosedForm(Workload workload) {
        for (int parallelism : new int[] {1, 2, 5}) {
            assertThat(Contender.TIDEMARK.run(workload, 20_011, parallelism)).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    void directRunnerGivesTheChecksumOfTheClosedForm(Workload workload) {
        assertThat(Contender.DIRECT_BATCH.run(workload, 1_009, 2)).isPositive();
    }
}
