package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * What a job that does not run has left, to be looked at: nothing is written to it but the lock, and no job starts on it meanwhile.
 * Any thread; closed by who opened it.
 */
public final class SavedState implements AutoCloseable {
    private static final long MEMORY_BYTES = 32L << 20;

    /**
     * A checkpoint or a savepoint.
     *
     * @param millis when it was made, since 1970
     */
    public record Copy(String path, long epoch, List<File> files, long millis) {
        public Copy {
            files = List.copyOf(files);
        }

        /** How much all its files take; those that another has, too, are counted in each. */
        public long bytes() {
            return files.stream().mapToLong(File::bytes).sum();
        }
    }

    /** A file of a copy, as its manifest has it. */
    public record File(String name, long bytes, String checksum) {}

    private final Path directory;
    private final @Nullable DirectoryLock lock;
    private final RocksInstance rocks;
    private final Store store = new Rows();
    private final long epoch;

    private SavedState(Path directory, @Nullable DirectoryLock lock, RocksInstance rocks, long epoch) {
        this.directory = directory;
        this.lock = lock;
        this.rocks = rocks;
        this.epoch = epoch;
    }

    /** The directories of the jobs that have state below {@code root}, by the jobs' names. */
    public static SortedMap<String, String> jobs(String root) throws StoreException {
        Disk disk = Disk.local();
        Path all = StateDirectory.pathOf(root).toAbsolutePath().normalize();
        SortedMap<String, String> jobs = new TreeMap<>();
        try {
            if (disk.kind(all) == Disk.Kind.NOTHING) {
                return jobs;
            }
            for (Path each : disk.list(all)) {
                Path format = each.resolve(StateDirectory.FORMAT);
                if (disk.kind(each) == Disk.Kind.DIRECTORY && disk.kind(format) == Disk.Kind.FILE) {
                    for (String line : SealedText.read(disk.read(format, StateDirectory.FORMAT_BYTES))) {
                        if (line.startsWith(StateDirectory.JOB)) {
                            jobs.put(line.substring(StateDirectory.JOB.length()), each.toString());
                        }
                    }
                }
            }
            return jobs;
        } catch (IOException | DamagedException e) {
            throw StateDirectory.unusable(all, e);
        }
    }

    /** Opens what a job has committed last. */
    public static SavedState ofJob(String root, String jobName) throws StoreException {
        Disk disk = Disk.local();
        Path directory = directoryOf(disk, root, jobName);
        DirectoryLock lock = null;
        boolean opened = false;
        try {
            lock = DirectoryLock.take(disk, directory);
            NativeLibrary.load(disk, directory.resolve(StateDirectory.NATIVE));
            SavedState state =
                    open(directory, lock, directory.resolve(StateDirectory.LIVE).resolve(RocksStore.ROWS));
            opened = true;
            return state;
        } catch (IOException | RocksDBException | DamagedException e) {
            throw StateDirectory.unusable(directory, e);
        } finally {
            if (lock != null && !opened) {
                StateDirectory.release(lock, directory);
            }
        }
    }

    /**
     * Opens a checkpoint or a savepoint of a job.
     *
     * @param which its path, or the epoch of one in the job's directory
     */
    public static SavedState ofCopy(String root, String jobName, String which) throws StoreException {
        Disk disk = Disk.local();
        String path = which.matches("[0-9]{1,18}") ? pathOf(root, jobName, Long.parseLong(which)) : which;
        Path copy = StateDirectory.pathOf(path).toAbsolutePath().normalize();
        try {
            NativeLibrary.load(disk, directoryOf(disk, root, jobName).resolve(StateDirectory.NATIVE));
            new CheckpointFiles(disk).verify(copy);
            return open(copy, null, copy.resolve(CheckpointFiles.ROWS));
        } catch (DamagedException e) {
            throw damaged(path, e);
        } catch (IOException | RocksDBException e) {
            throw StateDirectory.unusable(copy, e);
        }
    }

    private static String pathOf(String root, String jobName, long epoch) throws StoreException {
        List<Copy> all = new ArrayList<>(checkpoints(root, jobName));
        all.addAll(savepoints(root, jobName));
        return all.stream()
                .filter(copy -> copy.epoch() == epoch)
                .map(Copy::path)
                .findFirst()
                .orElseThrow(() -> new StoreException("TM-STORE-015: job '" + SealedText.plain(jobName)
                        + "' has no checkpoint or savepoint of epoch " + epoch + ". It has: "
                        + all.stream().map(copy -> String.valueOf(copy.epoch())).toList() + "."));
    }

    private static SavedState open(Path directory, @Nullable DirectoryLock lock, Path rows)
            throws RocksDBException, DamagedException {
        RocksInstance rocks = RocksInstance.open(rows, MEMORY_BYTES, RocksInstance.Mode.READ_ONLY);
        boolean read = false;
        try {
            SavedState state = new SavedState(directory, lock, rocks, RocksStore.epochIn(rocks.db()));
            read = true;
            return state;
        } finally {
            if (!read) {
                rocks.shut();
            }
        }
    }

    private static Path directoryOf(Disk disk, String root, String jobName) throws StoreException {
        Path directory =
                StateDirectory.pathOf(root).toAbsolutePath().normalize().resolve(EncodedName.of(jobName));
        try {
            if (disk.kind(directory.resolve(StateDirectory.FORMAT)) != Disk.Kind.FILE) {
                throw new StoreException("TM-STORE-015: job '" + SealedText.plain(jobName) + "' has no state in " + root
                        + ". " + others(root));
            }
        } catch (IOException e) {
            throw StateDirectory.unusable(directory, e);
        }
        return directory;
    }

    private static String others(String root) throws StoreException {
        SortedMap<String, String> jobs = jobs(root);
        return jobs.isEmpty()
                ? "No job has; name the directory with --state-dir."
                : "These have: " + String.join(", ", jobs.keySet()) + ".";
    }

    /** Removes everything that a job has left, but for savepoints elsewhere. */
    public static void remove(String root, String jobName) throws StoreException {
        Disk disk = Disk.local();
        Path directory = directoryOf(disk, root, jobName);
        try {
            DirectoryLock lock = DirectoryLock.take(disk, directory);
            try {
                // First what makes it a job's: what is half gone must not look like state.
                disk.delete(directory.resolve(StateDirectory.FORMAT));
                disk.deleteTree(directory.resolve(StateDirectory.LIVE));
                disk.deleteTree(directory);
            } finally {
                StateDirectory.release(lock, directory);
            }
        } catch (IOException e) {
            throw StateDirectory.unusable(directory, e);
        }
    }

    /** The checkpoints of a job beside its live state, the newest first. */
    public static List<Copy> checkpoints(String root, String jobName) throws StoreException {
        return copies(root, jobName, StateDirectory.CHECKPOINTS);
    }

    /** The savepoints in the directory of a job, the newest first. */
    public static List<Copy> savepoints(String root, String jobName) throws StoreException {
        return copies(root, jobName, StateDirectory.SAVEPOINTS);
    }

    private static List<Copy> copies(String root, String jobName, String where) throws StoreException {
        Disk disk = Disk.local();
        Path directory = directoryOf(disk, root, jobName).resolve(where);
        try {
            List<Copy> copies = new ArrayList<>();
            if (disk.kind(directory) == Disk.Kind.DIRECTORY) {
                for (Path each : disk.list(directory)) {
                    try {
                        copies.add(0, copy(disk, each, new CheckpointFiles(disk).manifestOf(each)));
                    } catch (DamagedException e) {
                        // Shown without what cannot be read: to verify it says what is wrong.
                        copies.add(0, new Copy(each.toString(), -1, List.of(), disk.modifiedMillis(each)));
                    }
                }
            }
            return copies;
        } catch (IOException e) {
            throw StateDirectory.unusable(directory, e);
        }
    }

    /**
     * Compares a checkpoint or a savepoint with its manifest, byte for byte.
     *
     * @throws StoreException where it is damaged, with what was found and what was expected
     */
    public static Copy verify(String path) throws StoreException {
        Disk disk = Disk.local();
        Path copy = StateDirectory.pathOf(path).toAbsolutePath().normalize();
        try {
            return copy(disk, copy, new CheckpointFiles(disk).verify(copy));
        } catch (DamagedException e) {
            throw damaged(path, e);
        } catch (IOException | RocksDBException e) {
            throw StateDirectory.unusable(copy, e);
        }
    }

    private static Copy copy(Disk disk, Path path, Manifest manifest) throws IOException {
        List<File> files = manifest.files().entrySet().stream()
                .map(file -> new File(
                        file.getKey(),
                        file.getValue().size(),
                        String.format("%08x", file.getValue().crc())))
                .toList();
        return new Copy(path.toString(), manifest.epoch(), files, disk.modifiedMillis(path.resolve(Manifest.FILE)));
    }

    private static StoreException damaged(String path, DamagedException e) {
        return new StoreException(
                "TM-STORE-010: " + path + " cannot be used: " + e.getMessage()
                        + ". Nothing was changed. Use another checkpoint or savepoint.",
                e);
    }

    /** The rows, which can only be read. */
    public Store store() {
        return store;
    }

    /** Where they are. */
    public String path() {
        return directory.toString();
    }

    @Override
    public void close() {
        rocks.shut();
        if (lock != null) {
            StateDirectory.release(lock, directory);
        }
    }

    private final class Rows implements Store {
        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            try {
                return rocks.db().get(key);
            } catch (RocksDBException e) {
                throw unreadable(e);
            }
        }

        @Override
        public byte @Nullable [] first(byte[] from, byte[] until) {
            try {
                return rocks.first(from, until);
            } catch (RocksDBException e) {
                throw unreadable(e);
            }
        }

        @Override
        public void scanWhile(byte[] from, byte[] until, Taker taker) {
            try {
                rocks.scan(from, until, taker);
            } catch (RocksDBException e) {
                throw unreadable(e);
            }
        }

        private UncheckedStoreException unreadable(RocksDBException e) {
            return new UncheckedStoreException(
                    "TM-STORE-011: the state in " + directory + " cannot be read (" + e.getMessage() + ").", e);
        }

        @Override
        public void commit(long number, List<Changes> changes) {
            throw new UnsupportedOperationException("what a job has left is only looked at");
        }

        /** Nothing: nobody commits here. */
        @Override
        public void settle() {}

        @Override
        public void close() {
            SavedState.this.close();
        }
    }
}
