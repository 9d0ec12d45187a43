package dev.tidemark.runner.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A job that is killed at random times, and started again each time, comes to the same results as one that is left alone. {@code
 * ./mvnw -pl runner -Pcrash verify -Dcrash.kills=250} kills each workload so often, {@code -Dcrash.seed=N} at other times; each start runs with another parallelism.
 */
@Tag("crash")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(7200)
class CrashTest {
    private static final int KILLS = Integer.getInteger("crash.kills", 5);
    private static final long SEED = Long.getLong("crash.seed", 1);
    private static final int LONGEST_LIFE_MILLIS = 3_500;
    private static final int USUAL_LIFE_MILLIS = 700;
    private static final int SHORTEST_LIFE_MILLIS = 200;
    private static final int SIGKILLED = 128 + 9;

    @ParameterizedTest
    @EnumSource(Workload.class)
    void whatAJobComesToDoesNotDependOnHowOftenItIsKilled(Workload workload, @TempDir Path directory)
            throws IOException, InterruptedException {
        Random random = new Random(SEED * 31 + workload.name().hashCode());
        int kills = 0;
        int runs = 0;
        int ends = 0;
        while (kills < KILLS) {
            // A workload that has come to its end is started on something new, until there have been enough kills.
            Path job = Files.createDirectory(directory.resolve("job-" + ends));
            boolean ended = false;
            while (!ended) {
                int life = kills < KILLS ? lifeMillis(random) : Integer.MAX_VALUE;
                // With hardly any memory, most of what is asked for comes back from the disk.
                String memory = random.nextBoolean() ? "1KB" : "25%";
                Process victim = start(workload, job, 1 + random.nextInt(4), memory);
                runs++;
                boolean outlived = !victim.waitFor(life, TimeUnit.MILLISECONDS);
                if (outlived) {
                    victim.destroyForcibly();
                }
                int exit = victim.waitFor();
                if (outlived && exit == SIGKILLED) {
                    kills++;
                } else {
                    // Also where it came to its end at the moment in which it was to be killed.
                    assertThat(exit)
                            .as("%s, run %d, seed %d: %s", workload, runs, SEED, log(job))
                            .isZero();
                    ended = true;
                }
            }
            ends++;
            SortedSet<String> missing = new TreeSet<>(workload.lines());
            missing.removeAll(workload.written(job));
            SortedSet<String> wrong = new TreeSet<>(workload.written(job));
            wrong.removeAll(workload.lines());
            assertThat(wrong)
                    .as("%s, seed %d, wrong after %d kills", workload, SEED, kills)
                    .isEmpty();
            assertThat(missing)
                    .as("%s, seed %d, missing after %d kills", workload, SEED, kills)
                    .isEmpty();
            assertThat(workload.leftovers(job))
                    .as("%s, seed %d, left after %d kills", workload, SEED, kills)
                    .isEmpty();
        }
        System.out.printf("%s: %d kills, %d starts, %d times to the end%n", workload, kills, runs, ends);
    }

    /** One in four does not get much further than to read what the one before has left. */
    private static int lifeMillis(Random random) {
        return random.nextInt(4) == 0
                ? SHORTEST_LIFE_MILLIS + random.nextInt(USUAL_LIFE_MILLIS)
                : USUAL_LIFE_MILLIS + random.nextInt(LONGEST_LIFE_MILLIS - USUAL_LIFE_MILLIS);
    }

    private static Process start(Workload workload, Path job, int parallelism, String memory) throws IOException {
        return Victim.start(workload, job, job.resolve("log"), parallelism, memory, Map.of());
    }

    private static String log(Path job) throws IOException {
        List<String> lines = Files.readAllLines(job.resolve("log"));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
