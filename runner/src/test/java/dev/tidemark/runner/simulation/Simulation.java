package dev.tidemark.runner.simulation;

import dev.tidemark.runner.job.Job;
import dev.tidemark.runner.job.JobState;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.time.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs a job on one simulated machine after the other, all on the calling thread, until it has come to its end: each dies when it is drawn
 * to, and the next goes on with what the disk has kept. The same seed does the same.
 */
final class Simulation {
    /** A machine for each crash, and one that lives. */
    private static final int MOST_STARTS = 20;

    /** Between two checkpoints; a turn takes a millisecond or so. */
    private static final int LONGEST_INTERVAL_MILLIS = 20;

    /** The clock of a machine is at most so far from where that of the one before was when it died. */
    private static final int CLOCKS_APART_MILLIS = 500;

    private final Random random;
    private final Machine.Faults faults;
    private final SimulatedDisk disk;
    private final boolean honoursSyncs;
    private Machine machine;
    private int starts;
    private long trace = 17;
    private long promised;
    private ManualClock clock;

    /** @param honoursSyncs whether a sync of the simulated disk is one */
    Simulation(long seed, boolean honoursSyncs) {
        this.random = new Random(seed);
        this.faults = Machine.Faults.draw(random);
        this.honoursSyncs = honoursSyncs;
        this.machine = new Machine(random, faults, faults.crashes() > 0);
        this.disk = new SimulatedDisk(machine, honoursSyncs);
        this.clock = new ManualClock(random.nextInt(1_000_000));
    }

    Random random() {
        return random;
    }

    Machine machine() {
        return machine;
    }

    /** Makes a plan for the options of a start. */
    interface Plans {
        Plan plan(RunOptions options);
    }

    /** What a job came to, or why it came to nothing. */
    record End(@Nullable MetricResults metrics, @Nullable String wrong, int starts, long trace) {}

    /** @param onNewMachine told of each machine but the first, before anything runs on it */
    End run(Plans plans, Consumer<Machine> onNewMachine) {
        while (starts < MOST_STARTS) {
            starts++;
            Job.SeededRun run;
            try {
                run = start(plans);
            } catch (Exception e) {
                return new End(null, "it could not be started, at start " + starts + ": " + text(e), starts, trace);
            }
            if (run != null && run.job().state() == JobState.DONE) {
                String wrong = machine.isDead() ? "it came to its end on a machine that was dead" : null;
                return new End(run.job().metrics(), wrong, starts, trace);
            }
            if (!machine.isDead()) {
                Throwable failure = run == null ? null : run.job().failure();
                return new End(null, "it failed at start " + starts + ": " + text(failure), starts, trace);
            }
            if (machine.hangs()) {
                return new End(null, "it does not end", starts, trace);
            }
            Machine next = new Machine(random, faults, starts < faults.crashes());
            machine = next;
            disk.lostPower(random, next);
            // It may have been off for a while, or its clock may be behind that of the other.
            clock = new ManualClock(clock.millis() + random.nextInt(2 * CLOCKS_APART_MILLIS) - CLOCKS_APART_MILLIS);
            onNewMachine.accept(next);
        }
        return new End(null, "it did not end in " + starts + " starts", starts, trace);
    }

    private static String text(@Nullable Throwable failure) {
        List<String> lines = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            lines.add(cause.toString());
            for (int i = 0; i < Math.min(6, cause.getStackTrace().length); i++) {
                lines.add("    at " + cause.getStackTrace()[i]);
            }
        }
        return String.join("\n", lines);
    }

    /** Returns null where the machine died before there was a job. */
    private Job.@Nullable SeededRun start(Plans plans) throws Exception {
        // Drawn first, so that what is drawn does not depend on where the machine dies.
        RunOptions options = options();
        long seed = random.nextLong();
        try {
            SimulatedStore store = new SimulatedStore(disk, machine);
            if (honoursSyncs && store.epoch() < promised) {
                throw new AssertionError(
                        "epoch " + promised + " was committed, and epoch " + store.epoch() + " is found");
            }
            Job.SeededRun run = Job.runSeeded(plans.plan(options), options, store, clock, seed);
            promised = store.promised();
            trace = 31 * trace + run.trace();
            return run;
        } catch (Crash e) {
            return null;
        }
    }

    private RunOptions options() {
        int turn = random.nextBoolean() ? 1 : 1 + random.nextInt(100);
        return new RunOptions(
                "simulated",
                1 + random.nextInt(4),
                1,
                turn,
                Math.min(turn, 16),
                1 + random.nextInt(LONGEST_INTERVAL_MILLIS),
                random.nextBoolean() ? 1024 : 64 << 20,
                false,
                ProgressStyle.OFF,
                0,
                new Durability("simulated", "auto", 2, faults.exceptions(), false),
                PipelineOptionsFactory.create());
    }
}
