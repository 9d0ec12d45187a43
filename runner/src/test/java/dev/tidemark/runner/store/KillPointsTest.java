package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed before each system call that changes its state: between two of them the disk stays as it is, so these are all the
 * points at which a kill can find it. {@code ./mvnw -pl runner -Pkillpoints verify -Dkillpoints.stride=1} tries every one.
 *
 * <p>RocksDB writes in the background too, so the N-th call is not the same in each run; what counts is that each kind of call was
 * killed at, and that is asked for. How a call is found is told in {@code kill-point.c}.
 */
@Tag("killpoints")
@Timeout(7200)
class KillPointsTest {
    /** One of so many calls is tried, beginning with one that is drawn. */
    private static final int STRIDE = Integer.getInteger("killpoints.stride", 10);

    private static final long SEED = Long.getLong("tidemark.test.seed", System.nanoTime());
    private static final int FIRST = 1 + (int) Math.floorMod(SEED, (long) STRIDE);
    private static final int AT_ONCE = 2;
    private static final int MORE_ATTEMPTS = 200;
    private static final int[] NEARBY = {0, 1, -1, 2, -2};
    private static final int SIGKILLED = 128 + 9;
    private static final int NO_MEANS = 77;
    private static final long SECONDS = 120;

    @TempDir(factory = InMemory.class)
    private static Path scratch = Path.of("unset");

    private static Path tool = Path.of("unset");

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        System.err.println("kill points: -Dkillpoints.stride=" + STRIDE + " -Dtidemark.test.seed=" + SEED);
        Path source = scratch.resolve("kill-point.c");
        try (InputStream in = KillPointsTest.class.getResourceAsStream("kill-point.c")) {
            assertThat(in).isNotNull();
            Files.copy(in, source);
        }
        tool = scratch.resolve("kill-point");
        requireMeans(
                List.of("cc", "-O1", "-Wall", "-Wextra", "-Werror", "-o", tool.toString(), source.toString()),
                "a C compiler");
        requireMeans(
                List.of(
                        tool.toString(),
                        "0",
                        scratch.toString(),
                        scratch.resolve("log").toString(),
                        "true"),
                "a kernel that hands over system calls");
    }

    /** Where there is no C compiler, or no such kernel, nothing can be said: loudly, and as tests that did not run. */
    private static void requireMeans(List<String> command, String what) throws InterruptedException {
        int exit;
        String said;
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            exit = process.waitFor();
        } catch (IOException e) {
            said = String.valueOf(e.getMessage());
            exit = NO_MEANS;
        }
        if (exit != 0) {
            System.err.println("NOT RUN: kills before each system call, which need " + what + ": " + said);
        }
        assumeThat(exit).as(said).isZero();
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    void aProcessThatIsKilledBeforeAnyOfItsStepsLosesNothingAndLeavesNothing(Start start) throws Exception {
        long began = System.nanoTime();
        Path template = Files.createDirectory(scratch.resolve(start.name())).resolve("template");
        Path savepoint = template.resolveSibling("savepoint");
        start.prepare(template, savepoint);
        // Left alone: which calls there are.
        Run whole = run(start, 0, template, savepoint);
        assertThat(whole.exit()).as(whole.said()).isZero();
        assertThat(whole.announced()).isEqualTo(start.last);

        AtomicInteger next = new AtomicInteger(FIRST);
        AtomicInteger kills = new AtomicInteger();
        AtomicInteger end = new AtomicInteger(Integer.MAX_VALUE);
        Set<String> kinds = new ConcurrentSkipListSet<>();
        Callable<Void> killing = () -> {
            // No further than to where a process comes to its end.
            for (int n = next.getAndAdd(STRIDE); n < end.get(); n = next.getAndAdd(STRIDE)) {
                Run killed = run(start, n, template, savepoint);
                if (killed.exit() == 0) {
                    int ended = n;
                    end.getAndUpdate(now -> Math.min(now, ended));
                } else {
                    assertThat(killed.exit()).as(killed.said()).isEqualTo(SIGKILLED);
                    assertThat(killed.calls()).as(killed.said()).hasSize(n);
                    kills.incrementAndGet();
                    kinds.add(killed.calls().get(n - 1));
                }
            }
            return null;
        };
        inParallel(killing);

        SortedSet<String> all = new TreeSet<>(whole.calls());
        SortedSet<String> left = new TreeSet<>(all);
        left.removeAll(kinds);
        if (STRIDE == 1) {
            // One that comes once may have come a call earlier, or later, whenever it was its turn.
            for (int i = 0; i < MORE_ATTEMPTS && !left.isEmpty(); i++) {
                int n = Math.max(1, whole.calls().indexOf(left.first()) + 1 + NEARBY[i % NEARBY.length]);
                Run killed = run(start, n, template, savepoint);
                if (killed.exit() == SIGKILLED) {
                    kills.incrementAndGet();
                    left.remove(killed.calls().get(n - 1));
                }
            }
        }
        System.err.printf(
                "kill points, %s: %d kills, one of %d of some %d calls; of %d kinds %d not tried; %d s%n",
                start,
                kills.get(),
                STRIDE,
                whole.calls().size(),
                all.size(),
                left.size(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));
        // What RocksDB does in the background may once be a call more, or less.
        assertThat(kills.get()).isGreaterThanOrEqualTo((whole.calls().size() - FIRST) * 9 / 10 / STRIDE);
        if (STRIDE == 1) {
            assertThat(left).as("kinds of calls that no process was killed at").isEmpty();
        }
    }

    private static void inParallel(Callable<Void> killing) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                all.add(threads.submit(killing));
            }
            for (Future<Void> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * What became of one process.
     *
     * @param announced the last epoch that it has said is durable, -1 where it had not begun
     * @param calls each call that it came to, without what is different in each run
     */
    private record Run(int exit, long announced, List<String> calls, String said) {}

    /** Starts a process on a copy, kills it before its {@code n}-th step, and requires that the next goes on. */
    private static Run run(Start start, int n, Path template, Path savepoint) throws Exception {
        Path own = Files.createDirectory(template.resolveSibling("kill-" + n));
        Path root = own.resolve("state");
        History.copy(template, root);
        Path temporary = Files.createDirectory(own.resolve("tmp"));
        Path log = own.resolve("log");
        Path errors = own.resolve("err");
        List<String> flags = new ArrayList<>(List.of(
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary,
                "-Dtidemark.store.largeBytes=2500",
                "-D" + StoreChild.RETAIN_EVERY + "=" + Start.RETAIN_EVERY,
                "-D" + StoreChild.SAVEPOINT_AT + "=" + start.savepointAt(),
                "-D" + StoreChild.RESTORE + "=" + start.restore(savepoint)));
        List<String> command =
                new ArrayList<>(List.of(tool.toString(), Integer.toString(n), root.toString(), log.toString()));
        command.addAll(StoreChild.command(root, start.last, flags));
        Process child =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        child.getOutputStream().close();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        List<String> lines = Files.readAllLines(log);
        boolean killed = lines.remove("killed");
        String at = killed ? lines.get(lines.size() - 1) : "at its end";
        String what = start + ", killed before call " + at + "; replay with -Dkillpoints.stride=1000000"
                + " -Dtidemark.test.seed=" + (n - 1);
        Run run = new Run(
                child.exitValue(),
                announced(output),
                lines.stream().map(line -> kind(line, root)).toList(),
                what + ": " + output + Files.readString(errors));
        assertThat(History.names(temporary)).as(what).isEmpty();
        if (at.contains("/native/")) {
            // This process has the library, and would not look.
            assertThat(restart(root)).as(what).isZero();
        }
        // At most one more was on its way.
        Aftermath.requireGoesOn(start, root, run.announced(), run.announced() + 1, what);
        Disk.local().deleteTree(own);
        return run;
    }

    private static long announced(String output) {
        return output.lines()
                .filter(line -> line.matches("(open|epoch) [0-9]+"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .reduce(-1, (before, now) -> now);
    }

    private static String kind(String line, Path root) {
        return line.replaceFirst("^[0-9]+ ", "")
                .replace(root.toString(), "")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "*")
                .replaceAll("/[^/]*history[^/]*", "")
                .replaceAll("[0-9]+", "#");
    }

    private static int restart(Path root) throws IOException, InterruptedException {
        Process child = StoreChild.start(root, 0, List.of());
        child.getOutputStream().close();
        child.getInputStream().readAllBytes();
        return child.waitFor();
    }

    @Test
    void aLeftoverThatNobodyRemovesIsNoticed() throws Exception {
        Path root = scratch.resolve("noticed");
        Start.NONE.prepare(root, scratch);
        Path rows = History.state(root).resolve("live/rows");
        Aftermath.requireNothingUnused(rows, "whole");
        Files.write(rows.resolve("999999.sst"), new byte[1]);
        assertThat(catchError(() -> Aftermath.requireNothingUnused(rows, "a table")))
                .contains("999999.sst");
        Files.createDirectory(History.state(root).resolve("attempt-x"));
        assertThat(catchError(() -> Aftermath.requireOnly(History.state(root), Set.of(), "an attempt")))
                .contains("attempt-x");
    }

    private interface Check {
        void run() throws Exception;
    }

    private static String catchError(Check check) throws Exception {
        try {
            check.run();
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
        throw new IllegalStateException("nothing was noticed");
    }
}
