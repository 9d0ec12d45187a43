package dev.tidemark.runner.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.random.ForAll;
import dev.tidemark.runner.translate.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole jobs on simulated machines that die, and whose disks fail and forget. {@code ./mvnw -pl runner -Psimulation verify} tries 100,000 seeds,
 * {@code -Dsimulation.seeds=N} so many, {@code -Dsimulation.seed=N} from another one on; a failure says how to see it again.
 */
@Timeout(7200)
@Tag("any-jdk")
class SimulationTest {
    private static final long FIRST_SEED = Long.getLong("simulation.seed", 1);
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 500);
    private static final int TWICE = 50;
    private static final int WITHOUT_SYNCS = 200;

    /** To make a plan takes longer than to run it. What a plan reads and writes is the current world's. */
    private static final Map<Shape, Plan> PLANS = new ConcurrentHashMap<>();

    private record Shape(SimulatedJob job, int parallelism, Thread thread) {}

    @BeforeAll
    static void count() {
        MetricsEnvironment.setMetricsSupported(true);
    }

    @Test
    void whatAJobComesToDoesNotDependOnMachinesThatDieAndDisksThatFail() throws InterruptedException {
        AtomicInteger starts = new AtomicInteger();
        ForAll.seeds(FIRST_SEED, SEEDS, seed -> {
            Tried tried = tried(seed, true);
            starts.addAndGet(tried.end().starts());
            return tried.wrong().isEmpty() ? Optional.empty() : Optional.of(report(seed, tried.wrong()));
        });
        System.out.printf("simulation: %d seeds, %d starts%n", SEEDS, starts.get());
        // Otherwise it would say little about starts after a crash. A few seeds are no measure.
        if (SEEDS >= 100) {
            assertThat(starts.get()).as("starts").isGreaterThan(SEEDS + SEEDS / 2);
        }
    }

    private static String report(long seed, List<String> wrong) {
        return String.join("\n", wrong)
                + "\nAgain: ./mvnw -pl runner -Dtest=SimulationTest -Dsimulation.seeds=1 -Dsimulation.seed=" + seed
                + " verify";
    }

    @Test
    void theSameSeedDoesTheSameAgain() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + TWICE; seed++) {
            assertThat(tried(seed, true).end().trace())
                    .as("trace of seed %d", seed)
                    .isEqualTo(tried(seed, true).end().trace());
        }
    }

    /** Which says that the simulation sees what is lost. */
    @Test
    void onADiskThatForgetsWhatWasSyncedThingsGoWrong() {
        int wrong = 0;
        // Always the same: how many go wrong depends on the seeds.
        for (long seed = 1; seed <= WITHOUT_SYNCS; seed++) {
            wrong += tried(seed, false).wrong().isEmpty() ? 0 : 1;
        }
        assertThat(wrong).as("of %d jobs", WITHOUT_SYNCS).isGreaterThan(WITHOUT_SYNCS / 100);
    }

    private record Tried(Simulation.End end, List<String> wrong) {}

    private static Tried tried(long seed, boolean honoursSyncs) {
        Simulation simulation = new Simulation(seed, honoursSyncs);
        List<Feed.Items> splits = Feed.draw(simulation.random());
        World world = new World(simulation.random(), simulation.machine(), splits);
        SimulatedJob job = SimulatedJob.draw(simulation.random());
        world.awaits(job.expectedReports(splits));
        Simulation.End end = simulation.run(
                options -> PLANS.computeIfAbsent(
                        new Shape(job, options.parallelism(), Thread.currentThread()), shape -> plan(job, options)),
                world::goesOnWith);
        return new Tried(end, wrong(job, world, end));
    }

    private static Plan plan(SimulatedJob job, RunOptions options) {
        return Translation.plan(job.pipeline(options.pipelineOptions()), options);
    }

    private static List<String> wrong(SimulatedJob job, World world, Simulation.End end) {
        List<String> wrong = new ArrayList<>(world.broken());
        Optional.ofNullable(end.wrong()).ifPresent(wrong::add);
        if (end.metrics() != null) {
            SortedMap<String, Long> told = told(end.metrics());
            SortedMap<String, Long> expected = job.expected(world.splits());
            TreeSet<String> all = new TreeSet<>(told.keySet());
            all.addAll(expected.keySet());
            for (String each : all) {
                long is = told.getOrDefault(each, 0L);
                long should = expected.getOrDefault(each, 0L);
                if (is != should) {
                    wrong.add(each + ": " + is + " times instead of " + should);
                }
            }
            if (!world.written().keySet().equals(new TreeSet<>(job.expectedWritten(world.splits())))) {
                wrong.add(
                        "written: " + world.written().keySet() + " instead of " + job.expectedWritten(world.splits()));
            }
        }
        if (!wrong.isEmpty()) {
            wrong.add(0, job + " of " + world.splits());
        }
        return wrong;
    }

    private static SortedMap<String, Long> told(MetricResults metrics) {
        SortedMap<String, Long> told = new TreeMap<>();
        for (MetricResult<Long> each : metrics.queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.inNamespace(SimulatedJob.TOLD))
                        .build())
                .getCounters()) {
            told.merge(each.getName().getName(), each.getCommitted(), Long::sum);
        }
        return told;
    }
}
