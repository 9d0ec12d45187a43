package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a process would find that is killed before any step of our own on a file, or in the middle of one: a copy of the directory at
 * that moment is gone on with. What RocksDB does between two of our steps is {@link KillPointsTest}'s, which needs more of the machine.
 */
class StoreStepsTest {
    /** One of so many steps is tried, beginning with one that is drawn: 1 tries all. */
    private static final int STRIDE = Integer.getInteger("tidemark.store.stride", 4);

    private static final long SEED = Long.getLong("tidemark.test.seed", System.nanoTime());
    private static final int FIRST = 1 + (int) Math.floorMod(SEED, (long) STRIDE);
    /** Until RocksDB's own threads have nothing more to do. */
    private static final int PATIENCE = 1_000;

    @TempDir(factory = InMemory.class)
    private Path scratch = Path.of("unset");

    private int steps;
    private int tried;

    @BeforeAll
    static void saySeed() {
        System.err.println("steps: replay with -Dtidemark.store.stride=" + STRIDE + " -Dtidemark.test.seed=" + SEED);
    }

    @ParameterizedTest
    @EnumSource(Start.class)
    void whatIsThereBeforeAnyStepIsWhatTheNextProcessGoesOnWith(Start start) throws Exception {
        Path root = scratch.resolve("state");
        Path savepoint = scratch.resolve("savepoint");
        start.prepare(root, savepoint);
        long[] announced = {-1};
        Disk disk = new WatchedDisk(
                Disk.local(), (step, half) -> tryWith(start, root, step, half, announced[0], announced[0] + 1));

        StateOptions options = StoreChild.options(start.restore(savepoint), Start.RETAIN_EVERY);
        try (StateDirectory state = StateDirectory.open(disk, root, History.JOB, options)) {
            announced[0] = state.store().epoch();
            for (long epoch = announced[0] + 1; epoch <= start.last; epoch++) {
                History.commit(state.store(), epoch);
                announced[0] = epoch;
                if (epoch == start.savepointAt()) {
                    state.savepoint(null);
                }
            }
        }
        tryWith(start, root, "the end", WatchedDisk.Half.NONE, start.last, start.last);
        assertThat(announced[0]).isEqualTo(start.last);
        assertThat(steps).isGreaterThan(30);
        assertThat(tried).isGreaterThanOrEqualTo(steps / STRIDE);
        System.err.println("steps, " + start + ": " + tried + " of " + steps);
    }

    /** The directory is opened anew after a failed write; a kill may come in between. */
    @Test
    void whatIsThereWhileACommitMakesGoodForTheOneBeforeIsWhatTheNextProcessGoesOnWith() throws Exception {
        int failing = 1;
        for (boolean failed = true; failed; failing++) {
            Path root = scratch.resolve("failing-" + failing);
            FailingDisk broken = new FailingDisk();
            boolean[] watched = {false};
            Disk disk = new WatchedDisk(broken, (step, half) -> {
                if (watched[0]) {
                    tryWith(Start.FIRST, root, step, half, 2, 4);
                }
            });
            StateOptions seldom = StateOptions.defaults();
            try (StateDirectory state = StateDirectory.open(disk, root, History.JOB, seldom)) {
                History.commit(state.store(), 1, 2);
                broken.failAt(failing, false);
                failed = fails(state.store());
                if (failed) {
                    watched[0] = true;
                    state.store().commit(4, List.of(History.changes(3), History.changes(4)));
                    watched[0] = false;
                    History.requireRight(state.store(), "made good");
                }
            }
            Disk.local().deleteTree(root);
        }
        // At the least what follows the manifest of RocksDB, and the record.
        assertThat(failing).isGreaterThan(3);
        assertThat(tried).isGreaterThan(failing / STRIDE);
        System.err.println("steps, after a failure: " + tried + " of " + steps);
    }

    private static boolean fails(Store store) {
        try {
            History.commit(store, 3);
            return false;
        } catch (StoreException e) {
            assertThat(e).hasMessageStartingWith("TM-STORE-006");
            return true;
        }
    }

    private void tryWith(Start start, Path root, String step, WatchedDisk.Half half, long announced, long newest)
            throws IOException {
        steps++;
        if (steps % STRIDE != FIRST % STRIDE) {
            return;
        }
        tried++;
        String what = start + ", step " + steps + ": before " + step + ", stride " + STRIDE + ", seed " + SEED;
        goOn(start, image(root, "before"), announced, newest, what);
        if (half != WatchedDisk.Half.NONE) {
            Path cut = image(root, "within");
            half.on(Disk.local(), file -> cut.resolve(root.relativize(file).toString()));
            goOn(start, cut, announced, newest, what + ", in the middle of it");
        }
    }

    private static void goOn(Start start, Path image, long announced, long newest, String what) throws IOException {
        try {
            Aftermath.requireGoesOn(start, image, announced, newest, what);
        } catch (Exception e) {
            // Not a failure of the disk that is being watched.
            throw new AssertionError(what, e);
        }
        Disk.local().deleteTree(image);
    }

    /** As it is at one moment: made again where RocksDB's own threads have changed it meanwhile. */
    private Path image(Path root, String name) throws IOException {
        Path image = scratch.resolve(name + "-" + steps);
        for (int i = 0; i < PATIENCE; i++) {
            List<String> before = listed(root);
            boolean whole = copied(root, image);
            if (whole && before.equals(listed(root))) {
                return image;
            }
            Disk.local().deleteTree(image);
        }
        throw new AssertionError(root + " does not come to rest");
    }

    private static boolean copied(Path root, Path image) throws IOException {
        try {
            History.copy(root, image);
            return true;
        } catch (NoSuchFileException e) {
            return false; // gone while it was being copied
        }
    }

    private static List<String> listed(Path root) throws IOException {
        List<String> all = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                all.add(file + " " + attributes.size() + " " + attributes.lastModifiedTime());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                all.add(file + " is gone");
                return FileVisitResult.CONTINUE;
            }
        });
        all.sort(null);
        return all;
    }
}
