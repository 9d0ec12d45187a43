package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.power.Bench;
import dev.tidemark.runner.power.CrashImage;
import dev.tidemark.runner.power.PowerCuts;
import dev.tidemark.runner.power.RecordedDisk;
import dev.tidemark.runner.power.Recording;
import dev.tidemark.runner.power.Unsynced;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The machine loses its power while a process commits. All that the disk was told is known, in order; at a cut, what no flush had
 * followed may be there, or not, or in part. {@code ./mvnw -pl runner -Ppowerloss verify -Dpowerloss.images=5000} tries so many.
 */
@Tag("powerloss")
@Timeout(7200)
class StorePowerLossTest {
    private static final int PER_RECORDING = 50;
    private static final int MOST_RECORDINGS = 40;
    /** How many recordings go on from what a power cut has left of the one before, until one begins with nothing again. */
    private static final int IN_A_ROW = 4;

    private static final int THREADS = 4;
    /** One image of so many is first opened by a process of its own. */
    private static final int IN_A_PROCESS = 25;

    private static final int LEAST_EPOCHS = 20;
    private static final int MOST_EPOCHS = 50;
    /** What is not synced where nothing is to be found: all. With {@code -Dpowerloss.unsynced=PART} what has that in its path. */
    private static final String UNSYNCED = System.getProperty("powerloss.unsynced", "/");

    /** This process keeps RocksDB's library open where it has first loaded it from, which must not be a disk that is to go. */
    @BeforeAll
    static void loadTheLibrary(@TempDir Path elsewhere) throws StoreException {
        History.open(elsewhere).close();
    }

    @Test
    void whatWasAnnouncedIsThereAfterThePowerWasCut() throws Exception {
        try (Bench bench = Bench.open()) {
            if (PowerCuts.isReplay()) {
                PowerCuts cuts = PowerCuts.replay(bench);
                cuts.requireNone(cuts.tryEach(1, StorePowerLossTest::check), "StorePowerLossTest");
                return;
            }
            Random random = seeded();
            long began = System.nanoTime();
            int perRecording = Math.max(PER_RECORDING, PowerCuts.IMAGES / MOST_RECORDINGS);
            RecordedDisk.Beginning empty = RecordedDisk.format(bench);
            RecordedDisk.Beginning beginning = empty;
            int tried = 0;
            for (int i = 0; tried < PowerCuts.IMAGES; i++) {
                Recording recording = record(bench, i % IN_A_ROW == 0 ? empty : beginning, Map.of(), random);
                int count = Math.min(perRecording, PowerCuts.IMAGES - tried);
                PowerCuts cuts = PowerCuts.draw(bench, recording, count, random);
                cuts.requireNone(cuts.tryEach(THREADS, StorePowerLossTest::check), "StorePowerLossTest");
                beginning = cuts.pick(random);
                tried += count;
                System.out.printf(
                        "power loss: %d images are right, %.1f s; the last of a disk with %s%n",
                        tried, (System.nanoTime() - began) / 1e9, recording.summary());
            }
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("powerloss.seed", System.nanoTime());
        System.err.println("power loss: draws again with -Dpowerloss.seed=" + seed);
        return new Random(seed);
    }

    /** A process commits on a disk, and each epoch that it announces is marked before it goes on. */
    private static Recording record(
            Bench bench, RecordedDisk.Beginning beginning, Map<String, String> environment, Random random)
            throws IOException, InterruptedException {
        try (RecordedDisk disk = RecordedDisk.mount(bench, beginning)) {
            // Epochs of more than so many bytes go as a sorted file: some do, and some do not.
            Process child = StoreChild.start(
                    disk.directory().resolve("root"),
                    -1,
                    List.of("-Dtidemark.store.largeBytes=3000", StoreChild.IN_STEP),
                    environment);
            int epochs = LEAST_EPOCHS + random.nextInt(MOST_EPOCHS - LEAST_EPOCHS);
            try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
                for (int i = 0; i <= epochs; i++) {
                    String line = lines.readLine();
                    assertThat(line).as("what the process says").matches("(open|epoch) [0-9]+");
                    disk.mark(Long.parseLong(line.substring(line.indexOf(' ') + 1)));
                    child.getOutputStream().write('\n');
                    child.getOutputStream().flush();
                }
            } finally {
                child.destroyForcibly();
            }
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return disk.recording();
        }
    }

    private static void check(Path disk, Recording recording, CrashImage image) throws Exception {
        Path root = disk.resolve("root");
        long announced = recording.announced(image);
        String what = image + ", epoch " + announced + " was announced";
        if (Math.floorMod(image.seed(), IN_A_PROCESS) == 0) {
            assertThat(openInAProcess(root)).as(what + ", in a process").isBetween(announced, announced + 1);
        }
        long newest;
        try (StateDirectory state = History.open(root)) {
            newest = state.store().epoch();
            assertThat(newest).as(what).isBetween(announced, announced + 1);
            History.requireRight(state.store(), what);
            requireInOrder(root, what);
            History.commit(state.store(), newest + 1);
            History.requireRight(state.store(), what + ", one epoch later");
        }
        try (StateDirectory state = History.open(root)) {
            assertThat(state.store().epoch()).as(what).isEqualTo(newest + 1);
            History.requireRight(state.store(), what + ", one epoch later and opened again");
        }
    }

    /** Also loads RocksDB's library from there, which may be in pieces. */
    private static long openInAProcess(Path root) throws IOException, InterruptedException {
        Process child = StoreChild.start(root, 0, List.of());
        try {
            child.getOutputStream().close();
            List<String> lines =
                    child.inputReader(StandardCharsets.UTF_8).lines().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).matches("open [0-9]+");
            assertThat(child.waitFor()).isZero();
            return Long.parseLong(lines.get(0).substring("open ".length()));
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    /** No live state has been set aside for an older one, nothing is left over, and what is called a checkpoint is a whole one. */
    private static void requireInOrder(Path root, String what) throws Exception {
        assertThat(History.names(History.state(root)))
                .as(what)
                .contains("checkpoints", "format", "live", "lock")
                .isSubsetOf("checkpoints", "format", "id", "live", "lock", "native");
        CheckpointFiles files = new CheckpointFiles(Disk.local());
        List<Path> checkpoints = Disk.local().list(History.state(root).resolve("checkpoints"));
        assertThat(checkpoints).as(what).hasSizeLessThanOrEqualTo(3);
        for (Path checkpoint : checkpoints) {
            long epoch = files.verify(checkpoint).epoch();
            assertThat(checkpoint.getFileName().toString()).as(what).isEqualTo(String.format("%020d", epoch));
        }
    }

    @Test
    void withoutSyncsMostOfThemAreNotThere() throws Exception {
        try (Bench bench = Bench.open()) {
            Random random = seeded();
            int count = Math.max(PER_RECORDING / 2, PowerCuts.IMAGES / 25);
            Map<String, String> environment = Unsynced.files(bench, UNSYNCED);
            Recording recording = record(bench, RecordedDisk.format(bench), environment, random);
            PowerCuts cuts = PowerCuts.draw(bench, recording, count, random);
            List<PowerCuts.Failure> failures = cuts.tryEach(THREADS, StorePowerLossTest::check);
            System.out.printf(
                    "power loss without syncs of '%s': %d of %d images are not as they must be, of a disk with %s%n",
                    UNSYNCED, failures.size(), count, recording.summary());
            assertThat(failures).hasSizeGreaterThan(count / 4);
        }
    }
}
