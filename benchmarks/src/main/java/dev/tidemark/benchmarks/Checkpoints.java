package dev.tidemark.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What checkpoints cost: state of one size or ten times as much, of which as much changes, is checkpointed; then the process is killed, and
 * started again. On TidemarkRunner, and on Flink with RocksDB and incremental checkpoints, each in a JVM of its own with the same heap.
 */
public final class Checkpoints {
    private static final String HEAP = "-Xmx1g";
    private static final long SECONDS = Long.getLong("seconds", 20);

    /** @param intervalMillis between two checkpoints */
    private record Setting(String title, long keys, long changing, long intervalMillis) {}

    private static final List<Setting> SETTINGS = List.of(
            new Setting("1,000,000 keys, all of which change between two checkpoints", 1_000_000, 1_000_000, 5_000),
            new Setting("1,000,000 keys, 100,000 of which change", 1_000_000, 100_000, 1_000),
            new Setting("10,000,000 keys, 100,000 of which change", 10_000_000, 100_000, 1_000));

    private static final List<Contender> CONTENDERS = List.of(Contender.TIDEMARK_DURABLE, Contender.FLINK_DURABLE);

    private Checkpoints() {}

    /** Arguments: names of contenders to leave out. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> without = List.of(args);
        System.out.printf(
                Locale.ROOT,
                "%s %s on %s, %d processors, heap %s, parallelism 2, values of 100 bytes, measured for %d s%n",
                System.getProperty("java.vm.name"),
                System.getProperty("java.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                HEAP,
                SECONDS);
        for (Setting setting : SETTINGS) {
            System.out.printf(
                    Locale.ROOT,
                    "%n%s, each %d s%n%-26s %11s %11s %13s %15s %12s %13s %14s%n",
                    setting.title(),
                    setting.intervalMillis() / 1000,
                    "",
                    "to make, s",
                    "ns/change",
                    "bytes written",
                    "99.9 % gap, ms",
                    "longest, ms",
                    "first new, s",
                    "first again, s");
            for (Contender contender : CONTENDERS) {
                if (!without.contains(contender.name())) {
                    System.out.println(line(contender, setting));
                }
            }
        }
    }

    private static String line(Contender contender, Setting setting) throws IOException, InterruptedException {
        System.err.println("▸ " + setting.title() + ": " + contender.title());
        List<String> cost;
        List<String> again;
        try (Scratch scratch = new Scratch("tidemark-checkpoints-")) {
            cost = untilKilled(contender, setting, SECONDS, scratch.directory(), null);
            again = untilKilled(contender, setting, 0, scratch.directory(), newestOfFlink(scratch.directory()));
        }
        // The same with nothing to go on from, which is what a cold JVM takes anyway.
        try (Scratch scratch = new Scratch("tidemark-checkpoints-")) {
            List<String> fresh = untilKilled(contender, setting, 0, scratch.directory(), null);
            return String.format(
                    Locale.ROOT,
                    "%-26s %11s %11s %13s %15s %12s %13.2f %14.2f",
                    contender.title(),
                    cost.get(2),
                    cost.get(3),
                    cost.get(4),
                    cost.get(5),
                    cost.get(6),
                    Long.parseLong(fresh.get(2)) / 1000.0,
                    Long.parseLong(again.get(2)) / 1000.0);
        }
    }

    /** Runs a job until it has said what it is to say, and kills it. */
    private static List<String> untilKilled(
            Contender contender, Setting setting, long seconds, Path directory, @Nullable Path newest)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                contender.classPath(System.getProperty("java.class.path")),
                Checkpointed.class.getName(),
                Long.toString(setting.keys()),
                Long.toString(setting.changing()),
                Long.toString(seconds)));
        command.addAll(contender.checkpointing(directory, setting.intervalMillis(), newest));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("log").toFile())
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(Checkpointed.LINE)) {
                    return List.of(line.split(" ", -1));
                }
            }
            throw new IllegalStateException("no result of " + setting.title() + " on " + contender + ": "
                    + Files.readString(directory.resolve("log")));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Flink has to be told what to go on from: the last checkpoint that it completed. */
    private static @Nullable Path newestOfFlink(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(each -> each.endsWith("_metadata"))
                    .map(Path::getParent)
                    .max(Comparator.comparingInt(each ->
                            Integer.parseInt(each.getFileName().toString().substring("chk-".length()))))
                    .orElse(null);
        }
    }
}
