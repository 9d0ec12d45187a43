package dev.tidemark.runner.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.power.Bench;
import dev.tidemark.runner.power.CrashImage;
import dev.tidemark.runner.power.PowerCuts;
import dev.tidemark.runner.power.RecordedDisk;
import dev.tidemark.runner.power.Recording;
import dev.tidemark.runner.power.Unsynced;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The machine loses its power while a job writes files, whose state and files are on the same disk. Started again on what is left, and
 * run to its end, it has written each line to one file. One image in {@value #OF} of {@code -Dpowerloss.images} is tried so, for each takes
 * a while.
 */
@Tag("powerloss")
@Timeout(7200)
class FilesPowerLossTest {
    private static final int OF = 40;
    private static final int IMAGES = Math.max(5, PowerCuts.IMAGES / OF);
    private static final int PER_RECORDING = 10;
    private static final long SECONDS = 120;
    private static final long POLL_MILLIS = 5;
    /** One image of so many is taken up by a process of its own, which also loads RocksDB's library from it. */
    private static final int IN_A_PROCESS = 8;

    private static final long NAMED = 1;
    private static final long ENDED = 2;

    @TempDir
    private Path logs = Path.of("unset");

    /** This process keeps RocksDB's library open where it has first loaded it from, which must not be a disk that is to go. */
    @BeforeAll
    static void loadTheLibrary(@TempDir Path elsewhere) {
        assertThat(Victim.run(Workload.FILES, elsewhere, 2, "25%")).isEqualTo(PipelineResult.State.DONE);
    }

    @Test
    void eachLineIsInOneFileAfterThePowerWasCut() throws Exception {
        try (Bench bench = Bench.open()) {
            if (PowerCuts.isReplay()) {
                PowerCuts cuts = PowerCuts.replay(bench);
                cuts.requireNone(cuts.tryEachInItsPlace(this::check), "FilesPowerLossTest");
                return;
            }
            Random random = seeded();
            long began = System.nanoTime();
            RecordedDisk.Beginning empty = RecordedDisk.format(bench);
            RecordedDisk.Beginning beginning = empty;
            int tried = 0;
            for (int i = 0; tried < IMAGES; i++) {
                // Every other job goes on from what a power cut has left of the one before.
                Recording recording = record(bench, i % 2 == 0 ? empty : beginning, Map.of());
                int count = Math.min(PER_RECORDING, IMAGES - tried);
                PowerCuts cuts = PowerCuts.draw(bench, recording, count, random);
                cuts.requireNone(cuts.tryEachInItsPlace(this::check), "FilesPowerLossTest");
                beginning = cuts.pick(random);
                tried += count;
                System.out.printf(
                        "power loss, files: %d images are right, %.1f s; the last of a disk with %s%n",
                        tried, (System.nanoTime() - began) / 1e9, recording.summary());
            }
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("powerloss.seed", System.nanoTime());
        System.err.println("power loss, files: draws again with -Dpowerloss.seed=" + seed);
        return new Random(seed);
    }

    /** A job on a disk, from its beginning to its end; it is marked when the first file has got its name, and when the job has ended. */
    private Recording record(Bench bench, RecordedDisk.Beginning beginning, Map<String, String> environment)
            throws IOException, InterruptedException {
        try (RecordedDisk disk = RecordedDisk.mount(bench, beginning)) {
            Path job = Files.createDirectories(disk.directory().resolve("job"));
            Process victim = start(job, environment);
            try {
                while (victim.isAlive() && !hasFile(job)) {
                    Thread.sleep(POLL_MILLIS);
                }
                disk.mark(NAMED);
                requireEnd(victim, "recorded");
                disk.mark(ENDED);
            } finally {
                victim.destroyForcibly().waitFor();
            }
            Recording recording = disk.recording();
            requireRight(job, "recorded");
            return recording;
        }
    }

    private static boolean hasFile(Path job) throws IOException {
        Path files = job.resolve("files");
        if (!Files.isDirectory(files)) {
            return false;
        }
        try (DirectoryStream<Path> named = Files.newDirectoryStream(files, "numbers*")) {
            return named.iterator().hasNext();
        }
    }

    private Process start(Path job, Map<String, String> environment) throws IOException {
        Files.deleteIfExists(logs.resolve("log"));
        return Victim.start(Workload.FILES, job, logs.resolve("log"), 2, "25%", environment);
    }

    private void requireEnd(Process victim, String what) throws IOException, InterruptedException {
        assertThat(victim.waitFor(SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
        if (victim.exitValue() != 0) {
            List<String> lines = Files.readAllLines(logs.resolve("log"), StandardCharsets.UTF_8);
            throw new AssertionError(what + " ended with " + victim.exitValue() + ": "
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())));
        }
    }

    private void check(Path disk, Recording recording, CrashImage image) throws Exception {
        String what = image.toString();
        Path job = disk.resolve("job");
        if (recording.announced(image) == ENDED) {
            requireRight(job, what + ", the job had ended");
        }
        // Before the first flush nobody has promised that there is anything.
        Files.createDirectories(job);
        if (Math.floorMod(image.seed(), IN_A_PROCESS) == 0) {
            Process victim = start(job, Map.of());
            try {
                requireEnd(victim, what);
            } finally {
                victim.destroyForcibly().waitFor();
            }
        } else {
            assertThat(Victim.run(Workload.FILES, job, 2, "25%")).as(what).isEqualTo(PipelineResult.State.DONE);
        }
        requireRight(job, what + ", run to its end");
    }

    private static void requireRight(Path job, String what) throws IOException {
        SortedSet<String> missing = new TreeSet<>(Workload.FILES.lines());
        missing.removeAll(Workload.FILES.written(job));
        SortedSet<String> wrong = new TreeSet<>(Workload.FILES.written(job));
        wrong.removeAll(Workload.FILES.lines());
        assertThat(wrong).as("%s, wrong", what).isEmpty();
        assertThat(missing).as("%s, missing", what).isEmpty();
    }

    @Test
    void withoutSyncsOfTheWrittenFilesLinesAreMissing() throws Exception {
        try (Bench bench = Bench.open()) {
            Map<String, String> environment = Unsynced.files(bench, "/job/files");
            Recording recording = record(bench, RecordedDisk.format(bench), environment);
            PowerCuts cuts = PowerCuts.drawAfter(bench, recording, 2, IMAGES, seeded());
            List<PowerCuts.Failure> failures = cuts.tryEachInItsPlace(this::check);
            System.out.printf(
                    "power loss without syncs of files: %d of %d images are not as they must be, of a disk with %s%n",
                    failures.size(), IMAGES, recording.summary());
            assertThat(failures).hasSizeGreaterThan(IMAGES / 2);
        }
    }
}
