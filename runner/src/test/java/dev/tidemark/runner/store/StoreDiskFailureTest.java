package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every step on a file fails in turn: what was announced stands, and once the disk is well all goes on. */
@Tag("any-jdk")
class StoreDiskFailureTest {
    /** One of so many steps is tried, beginning with one that is drawn: 1 tries all. */
    private static final int STRIDE = Integer.getInteger("tidemark.store.stride", 4);

    private static final long SEED = Long.getLong("tidemark.test.seed", System.nanoTime());
    private static final int FIRST = 1 + (int) Math.floorMod(SEED, (long) STRIDE);

    @BeforeAll
    static void saySeed() {
        System.err.println("failing steps: replay with -Dtidemark.test.seed=" + SEED);
    }

    @TempDir(factory = InMemory.class)
    private Path scratch = Path.of("unset");

    private static StateOptions options() {
        return StateOptions.defaults().withRetained(1, 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStepThatFailsWhileEpochsAreCommittedCostsNothingThatWasAnnounced(boolean forGood) throws Exception {
        int steps = commitOnce(Integer.MAX_VALUE, false);
        assertThat(steps).isGreaterThan(40);
        for (int step = FIRST; step <= steps; step += STRIDE) {
            commitOnce(step, forGood);
        }
    }

    /** Three epochs, of which two are followed by a checkpoint each. */
    private int commitOnce(int failing, boolean forGood) throws Exception {
        String what = "step " + failing + (forGood ? " and ever after" : "");
        Path root = scratch.resolve("commit-" + failing);
        FailingDisk disk = new FailingDisk();
        long announced = 2;
        int steps;
        try (StateDirectory state = StateDirectory.open(disk, root, History.JOB, options())) {
            History.commit(state.store(), 1, 2);
            disk.failAt(failing, forGood);
            int failures = 0;
            for (long epoch = 3; epoch <= 6; epoch++) {
                try {
                    // As a job does: what could not be committed is part of the next.
                    commitAll(state.store(), announced + 1, epoch);
                    announced = epoch;
                } catch (StoreException e) {
                    failures++;
                    assertThat(e.getMessage()).as(what).startsWith("TM-STORE-006");
                    History.requireRight(state.store(), epoch, what + ", after the failure");
                }
                assertThat(state.store().epoch()).as(what).isGreaterThanOrEqualTo(announced);
            }
            steps = disk.steps();
            assertThat(failures).as(what).isLessThanOrEqualTo(forGood ? 4 : 1);
            disk.failAt(Integer.MAX_VALUE, false);
            commitAll(state.store(), announced + 1, 7);
            History.requireRight(state.store(), what + ", after the disk is well");
            state.retain();
        }
        try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, options())) {
            assertThat(state.store().epoch()).as(what).isEqualTo(7);
            History.requireRight(state.store(), what + ", opened again");
        }
        assertThat(History.names(History.state(root).resolve("checkpoints")))
                .as(what)
                .hasSize(1);
        // The checkpoint is one to go on from.
        Disk.local().deleteTree(History.state(root).resolve("live"));
        try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, options())) {
            assertThat(state.store().epoch()).as(what).isEqualTo(7);
            History.requireRight(state.store(), what + ", from the checkpoint");
        }
        Disk.local().deleteTree(root);
        return steps;
    }

    @Test
    void whoGoesOnAfterASettledFailureAddsToWhatReadersSeeAndNothingElseComesToLight() throws Exception {
        int steps = goOnAnew(Integer.MAX_VALUE);
        assertThat(steps).isGreaterThan(40);
        for (int step = FIRST; step <= steps; step += STRIDE) {
            goOnAnew(step);
        }
    }

    /** As a job does that fails after its commit has: it forgets what was to be committed, and makes its next epochs of what it finds. */
    private int goOnAnew(int failing) throws Exception {
        String what = "step " + failing;
        Path root = scratch.resolve("anew-" + failing);
        FailingDisk disk = new FailingDisk();
        int steps;
        try (StateDirectory state = StateDirectory.open(disk, root, History.JOB, options())) {
            Store store = state.store();
            History.commit(store, 1, 2);
            disk.failAt(failing, false);
            int failures = 0;
            while (store.epoch() < 6) {
                long epoch = store.epoch() + 1;
                try {
                    History.commit(store, epoch);
                } catch (StoreException e) {
                    failures++;
                    store.settle();
                    assertThat(store.epoch()).as(what).isBetween(epoch - 1, epoch);
                }
                History.requireRight(store, what);
            }
            assertThat(failures).as(what).isLessThanOrEqualTo(1);
            steps = disk.steps();
        }
        try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, options())) {
            assertThat(state.store().epoch()).as(what).isEqualTo(6);
            History.requireRight(state.store(), what + ", opened again");
        }
        Disk.local().deleteTree(root);
        return steps;
    }

    private static void commitAll(Store store, long first, long last) throws StoreException {
        List<Changes> changes = new ArrayList<>();
        for (long epoch = first; epoch <= last; epoch++) {
            changes.add(History.changes(epoch));
        }
        store.commit(last, changes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "again", "damaged", "none"})
    void aStepThatFailsAtTheStartIsMadeGoodByTheNextStart(String how) throws Exception {
        int steps = startOnce(how, Integer.MAX_VALUE, false);
        for (int step = FIRST; step <= steps; step += STRIDE) {
            startOnce(how, step, false);
            startOnce(how, step, true);
        }
    }

    private int startOnce(String how, int failing, boolean forGood) throws Exception {
        String what = how + ", step " + failing + (forGood ? " and ever after" : "");
        Path root = scratch.resolve(how + "-" + failing + forGood);
        long newest = 0;
        if (!how.equals("first")) {
            try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, options())) {
                History.commit(state.store(), 1, 3);
            }
            newest = 3;
        }
        if (how.equals("damaged")) {
            Files.delete(History.state(root).resolve("live/epoch"));
            newest = 2;
        }
        StateOptions options = how.equals("none") ? options().withoutRestore() : options();
        FailingDisk disk = new FailingDisk();
        disk.failAt(failing, forGood);
        try (StateDirectory state = StateDirectory.open(disk, root, History.JOB, options)) {
            assertThat(state.store().epoch()).as(what).isEqualTo(how.equals("none") ? 0 : newest);
        } catch (StoreException e) {
            assertThat(e.getMessage()).as(what).startsWith("TM-STORE-001");
        }
        int steps = disk.steps();
        try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, options())) {
            if (how.equals("none")) {
                assertThat(state.store().epoch()).as(what).isIn(0L, newest);
            } else {
                assertThat(state.store().epoch()).as(what).isEqualTo(newest);
            }
            History.requireRight(state.store(), what);
            History.commit(state.store(), state.store().epoch() + 1);
        }
        Disk.local().deleteTree(root);
        return steps;
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 9 << 20})
    void onAFullDiskTheLastEpochStandsAndWhenThereIsRoomTheNextIsCommitted(int epochBytes) throws Exception {
        Path mount = Files.createDirectory(scratch.resolve("small"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=256m,mode=0700", "tmpfs", mount.toString());
        if (!mounted) {
            System.err.println("NOT RUN: what a full disk does; it needs to be root, to mount a small file system");
        }
        assumeThat(mounted).isTrue();
        try {
            Path ballast = Files.write(mount.resolve("ballast"), new byte[180 << 20]);
            Random random = new Random(1);
            long epoch = 0;
            long missing = 0;
            try (StateDirectory state = StateDirectory.open(
                    mount.toString(), History.JOB, StateOptions.defaults().withMemoryBytes(16 << 20))) {
                Store store = state.store();
                StoreException full = null;
                while (full == null) {
                    assertThat(epoch).isLessThan(200);
                    try {
                        store.commit(epoch + 1, List.of(large(random, epoch + 1, epochBytes)));
                        epoch++;
                    } catch (StoreException e) {
                        full = e;
                    }
                }
                assertThat(full).hasMessageStartingWith("TM-STORE-007").hasMessageContaining("Make room");
                requireWhole(store, epoch, epoch + 1, epochBytes);
                // Not even room for a new log. RocksDB deletes what it could not finish, which may make some again.
                List<Path> more = new ArrayList<>();
                full = null;
                while (full == null) {
                    more.add(mount.resolve("more-" + more.size()));
                    fill(more.get(more.size() - 1));
                    try {
                        store.commit(epoch + 1, List.of(large(random, epoch + 1, epochBytes)));
                        epoch++;
                    } catch (StoreException e) {
                        full = e;
                    }
                }
                assertThat(full).hasMessageStartingWith("TM-STORE-007");
                long next = epoch + 1;
                requireWhole(store, epoch, next, epochBytes);
                for (Path each : more) {
                    Files.delete(each);
                }
                Files.delete(ballast);
                missing = next;
                store.commit(next + 2, List.of(large(random, next + 2, epochBytes)));
                epoch = next + 2;
                requireWhole(store, epoch, missing, epochBytes);
            }
            try (StateDirectory state = StateDirectory.open(mount.toString(), History.JOB, StateOptions.defaults())) {
                assertThat(state.store().epoch()).isEqualTo(epoch);
                requireWhole(state.store(), epoch, missing, epochBytes);
            }
        } finally {
            // Lazily: where this test is the first to load RocksDB's library, the JVM has mapped it from there.
            assertThat(run("umount", "-l", mount.toString())).isTrue();
        }
    }

    private static void fill(Path file) {
        byte[] block = new byte[4096];
        try (java.io.OutputStream out = Files.newOutputStream(file)) {
            for (; ; ) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** As many rows of each epoch, with its number. */
    private static Changes large(Random random, long epoch, int bytes) {
        Changes changes = new Changes();
        for (int i = 0; i < bytes / 10_000; i++) {
            byte[] value = new byte[10_000];
            random.nextBytes(value);
            ByteBuffer.wrap(value).putLong(epoch);
            changes.put(
                    ByteBuffer.allocate(16).putInt(1).putLong(epoch).putInt(i).array(), value);
        }
        return changes;
    }

    /** All rows of every epoch but the one that found no room, and of no later one. */
    private static void requireWhole(Store store, long epoch, long missing, int epochBytes) {
        assertThat(store.epoch()).isEqualTo(epoch);
        Map<Long, Integer> rows = new TreeMap<>();
        store.scan(new byte[0], new byte[] {-1}, (key, value) -> {
            long written = ByteBuffer.wrap(value).getLong();
            assertThat(ByteBuffer.wrap(key, 4, 8).getLong()).isEqualTo(written);
            rows.merge(written, 1, Integer::sum);
        });
        for (long each = 1; each <= epoch; each++) {
            if (each != missing && each != missing + 1) {
                assertThat(rows).containsEntry(each, epochBytes / 10_000);
            }
        }
        assertThat(rows.values()).containsOnly(epochBytes / 10_000);
        assertThat(rows.keySet()).allMatch(each -> each <= epoch);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    @Test
    void whatIsNotAPathIsRefused() {
        assertThatThrownBy(() -> StateDirectory.open("a\0b", "job", StateOptions.defaults()))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("TM-STORE-001");
    }
}
