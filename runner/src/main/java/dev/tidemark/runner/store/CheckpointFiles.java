package dev.tidemark.runner.store;

import dev.tidemark.runner.store.Disk.FileSum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;

/**
 * Makes checkpoints that stand on their own, and stores from them. A checkpoint is a directory: {@code rows}, as RocksDB wrote them,
 * and a {@link Manifest}, without which it is none. Owned by the thread that commits.
 */
final class CheckpointFiles {
    static final String ROWS = "rows";

    private final Disk disk;
    /** The sums of tables that have been read once. RocksDB never changes a table or gives its name again. */
    private Map<String, FileSum> tables = new HashMap<>();

    CheckpointFiles(Disk disk) {
        this.disk = disk;
    }

    /**
     * Makes a checkpoint of what {@code store} has committed.
     *
     * @param attempt a directory that does not exist, on the same file system and in the same directory as {@code target}, or near
     * @param target what the checkpoint is to be called when it is whole; does not exist
     */
    void make(RocksStore store, Path attempt, Path target) throws IOException, RocksDBException {
        disk.makeDirectory(attempt);
        Path rows = attempt.resolve(ROWS);
        store.copyTo(rows);
        disk.makePrivate(rows);
        SortedMap<String, FileSum> sums = new TreeMap<>();
        Map<String, FileSum> current = new HashMap<>();
        for (Path file : disk.list(rows)) {
            String name = file.getFileName().toString();
            disk.makePrivate(file);
            FileSum sum = tables.get(name);
            if (sum == null) {
                sum = disk.sum(file);
                disk.sync(file);
            }
            if (isTable(name)) {
                current.put(name, sum);
            }
            sums.put(name, sum);
        }
        disk.sync(rows);
        Path manifest = attempt.resolve(Manifest.FILE);
        Path temporary = attempt.resolve(Manifest.FILE + ".new");
        disk.create(temporary, new Manifest(store.epoch(), sums).write());
        disk.rename(temporary, manifest);
        disk.sync(attempt);
        disk.rename(attempt, target);
        disk.sync(parent(target));
        tables = current;
    }

    /**
     * Makes a store from a checkpoint, and only from what its manifest vouches for.
     *
     * @param links whether tables may share their bytes with the checkpoint
     * @param directory where, does not exist
     * @return the checkpoint's epoch
     * @throws DamagedException where the checkpoint is not whole; what was made is to be thrown away
     */
    long restore(Path checkpoint, boolean links, Path directory, long memoryBytes)
            throws IOException, RocksDBException, DamagedException {
        Manifest manifest = manifestOf(checkpoint);
        disk.makeDirectory(directory);
        Path rows = directory.resolve(RocksStore.ROWS);
        disk.makeDirectory(rows);
        for (Map.Entry<String, FileSum> each : manifest.files().entrySet()) {
            Path from = checkpoint.resolve(ROWS).resolve(each.getKey());
            Path to = rows.resolve(each.getKey());
            if (disk.kind(from) != Disk.Kind.FILE) {
                throw new DamagedException(from + " is missing: " + each.getValue() + " expected");
            }
            if (links && isTable(each.getKey())) {
                disk.link(from, to);
            } else {
                disk.copy(from, to);
            }
            // What will be used is what is compared.
            FileSum actual = disk.sum(to);
            if (!actual.equals(each.getValue())) {
                throw new DamagedException(from + " has " + actual + ": " + each.getValue() + " expected");
            }
        }
        disk.sync(rows);
        long epoch;
        try {
            epoch = RocksStore.epochOf(rows);
        } catch (RocksDBException e) {
            if (RocksStore.isDamage(e)) {
                throw new DamagedException(checkpoint + ": " + e.getMessage(), e);
            }
            throw e;
        }
        if (epoch != manifest.epoch()) {
            throw new DamagedException(
                    checkpoint + " holds epoch " + epoch + ", and its manifest says " + manifest.epoch());
        }
        RocksStore.createRecord(disk, directory, epoch);
        disk.sync(directory);
        return epoch;
    }

    /** Compares a checkpoint with its manifest, and reads it. */
    Manifest verify(Path checkpoint) throws IOException, RocksDBException, DamagedException {
        Manifest manifest = manifestOf(checkpoint);
        for (Map.Entry<String, FileSum> each : manifest.files().entrySet()) {
            Path file = checkpoint.resolve(ROWS).resolve(each.getKey());
            if (disk.kind(file) != Disk.Kind.FILE) {
                throw new DamagedException(file + " is missing: " + each.getValue() + " expected");
            }
            FileSum actual = disk.sum(file);
            if (!actual.equals(each.getValue())) {
                throw new DamagedException(file + " has " + actual + ": " + each.getValue() + " expected");
            }
        }
        return manifest;
    }

    Manifest manifestOf(Path checkpoint) throws IOException, DamagedException {
        Path file = checkpoint.resolve(Manifest.FILE);
        if (disk.kind(checkpoint) != Disk.Kind.DIRECTORY
                || disk.kind(checkpoint.resolve(ROWS)) != Disk.Kind.DIRECTORY
                || disk.kind(file) != Disk.Kind.FILE) {
            throw new DamagedException(checkpoint + " has no manifest, or no rows");
        }
        try {
            return Manifest.read(disk.read(file, Manifest.MOST_BYTES));
        } catch (DamagedException e) {
            throw new DamagedException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static boolean isTable(String name) {
        return name.endsWith(".sst");
    }

    static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " is a root");
        }
        return parent;
    }
}
