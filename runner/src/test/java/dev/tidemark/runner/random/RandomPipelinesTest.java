package dev.tidemark.runner.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random pipelines, against an interpreter of Beam's model. {@code -Drandom.cases=5000} tries as many, {@code -Drandom.seed=N}
 * begins with another one; a failure says how to see it again.
 */
@Timeout(7200)
class RandomPipelinesTest {
    private static final long FIRST_SEED = Long.getLong("random.seed", 1);
    private static final int CASES = Integer.getInteger("random.cases", 150);

    private static final List<Way> WAYS = List.of(
            Way.running("--runner=TestTidemarkRunner", "--tidemarkParallelism=3"),
            Way.running("--runner=TestTidemarkRunner", "--tidemarkParallelism=1"),
            Way.running(
                    "--runner=TestTidemarkRunner",
                    "--tidemarkParallelism=3",
                    "--tidemarkSeed=SEED",
                    "--tidemarkBundleElements=1"),
            Way.restoring(
                    "--runner=TestTidemarkRunner",
                    "--tidemarkParallelism=3",
                    "--tidemarkSeed=SEED",
                    "--tidemarkTornDownAfter=1",
                    "--tidemarkStateMemory=1KB"));

    @Test
    void whatComesOutOfARandomPipelineIsWhatBeamsModelSays() throws InterruptedException {
        Trial trial = new Trial(WAYS);
        ForAll.seeds(FIRST_SEED, CASES, trial::failure);

        // Without these the cases could say less and less, and nobody would notice. A few cases are no measure.
        if (CASES < 100) {
            return;
        }
        assertThat(trial.undetermined()).as("cases that say nothing").isLessThanOrEqualTo(1 + CASES / 10);
        assertThat(trial.determinedWires()).as("wires with one outcome").isGreaterThan(trial.wires() * 7 / 10);
        assertThat(trial.openWires()).as("wires not compared").isLessThanOrEqualTo(1 + trial.wires() / 20);
    }
}
