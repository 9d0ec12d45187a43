package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** What must hold of a state whose process was killed: the next goes on without help, all is right, and nothing is left behind. */
final class Aftermath {
    private Aftermath() {}

    /**
     * Goes on with what is there.
     *
     * @param announced the last epoch that was said to be durable, -1 where nothing had been said
     * @param newest the last that may be, since it was being committed
     */
    static void requireGoesOn(Start start, Path root, long announced, long newest, String what) throws Exception {
        try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, Start.options())) {
            long found = state.store().epoch();
            if (announced < 0) {
                assertThat(found).as(what).isIn(start.before());
            } else {
                assertThat(found).as(what).isBetween(announced, newest);
            }
            History.requireRight(state.store(), what);
            Path directory = History.state(root);
            requireOnly(directory, start.more(), what);
            assertThat(History.names(directory.resolve("checkpoints")))
                    .as(what)
                    .hasSizeLessThanOrEqualTo(StoreChild.RETAINED + 1);
            requireWhole(directory, what);

            History.commit(state.store(), found + 1);
            History.requireRight(state.store(), what + ", one epoch later");
            state.retain();
            assertThat(History.names(directory.resolve("checkpoints"))).as(what).hasSizeBetween(1, StoreChild.RETAINED);
            requireWhole(directory, what);
        }
        requireNothingUnused(History.state(root).resolve("live/rows"), what);
    }

    static void requireOnly(Path directory, Set<String> more, String what) throws IOException {
        List<String> names = History.names(directory);
        assertThat(names).as(what).contains("checkpoints", "format", "live", "lock");
        Set<String> known = new TreeSet<>(more);
        known.addAll(List.of("checkpoints", "format", "id", "live", "lock", "native"));
        assertThat(names).as(what).isSubsetOf(known);
        assertThat(History.names(directory.resolve("live"))).as(what).containsExactly("epoch", "rows");
    }

    /** Every checkpoint and savepoint under its final name is one. */
    private static void requireWhole(Path directory, String what) throws Exception {
        for (String kept : List.of("checkpoints", "savepoints")) {
            if (Disk.local().kind(directory.resolve(kept)) == Disk.Kind.DIRECTORY) {
                for (Path each : Disk.local().list(directory.resolve(kept))) {
                    Manifest manifest = new CheckpointFiles(Disk.local()).verify(each);
                    assertThat(each.getFileName().toString())
                            .as(what)
                            .isEqualTo(String.format("%020d", manifest.epoch()));
                }
            }
        }
    }

    /** RocksDB has removed what no epoch needs. */
    static void requireNothingUnused(Path rows, String what) throws Exception {
        List<String> names = History.names(rows);
        assertThat(names)
                .as(what)
                .allMatch(name -> name.matches("CURRENT|IDENTITY|LOCK|(MANIFEST|OPTIONS)-[0-9]+|[0-9]+\\.(log|sst)"));
        assertThat(names.stream().filter(name -> name.startsWith("MANIFEST")))
                .as(what)
                .hasSize(1);
        assertThat(names.stream().filter(name -> name.endsWith(".sst")))
                .as(what)
                .containsExactlyInAnyOrderElementsOf(tables(rows));
    }

    private static List<String> tables(Path rows) throws RocksDBException {
        RocksInstance instance = RocksInstance.open(rows, 1 << 20, RocksInstance.Mode.READ_ONLY);
        try {
            RocksDB db = instance.db();
            return db.getLiveFilesMetaData().stream()
                    .map(LiveFileMetaData::fileName)
                    .map(name -> name.replace("/", ""))
                    .toList();
        } finally {
            instance.shut();
        }
    }
}
