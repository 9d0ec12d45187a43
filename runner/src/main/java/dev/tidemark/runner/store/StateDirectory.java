package dev.tidemark.runner.store;

import dev.tidemark.runner.store.StateOptions.Restore;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one job's state, held by this process until it is closed. The thread that commits owns it; any thread reads its
 * store.
 *
 * <pre>
 *   &lt;root&gt;/&lt;job&gt;/ lock            who uses it
 *                  format          which job's it is, and how it is written
 *                  id              what it is called where others see it: no other state has it, also where job and path are the same
 *                  native/         RocksDB's library
 *                  live/           rows (RocksDB) and the record of the newest epoch
 *                  checkpoints/    retained, each under its epoch, with a manifest
 *                  savepoints/     made by its user, who removes them; as checkpoints
 *                  next/           what is about to become live
 *                  attempt-*       what was not finished; removed at the next start, as are those among the savepoints
 *                  damaged-*, set-aside-*   what was live once; nobody uses it, and nobody but its user removes it
 * </pre>
 *
 * <p>Whatever becomes live is made whole as {@code next} first. So a machine that stops in between finds either the old state or the
 * new one, and never has to begin with nothing.
 */
public final class StateDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);

    static final String FORMAT = "format";
    static final String JOB = "job ";
    static final String ID = "id";
    private static final String FORMAT_LINE = "tidemark state 1";
    static final String LIVE = "live";
    private static final String NEXT = "next";
    static final String NATIVE = "native";
    static final String CHECKPOINTS = "checkpoints";
    static final String SAVEPOINTS = "savepoints";
    private static final String ATTEMPT = "attempt-";
    private static final String SAVEPOINT_ATTEMPT = "." + ATTEMPT;
    private static final String DAMAGED = "damaged-";
    private static final String SET_ASIDE = "set-aside-";
    static final int FORMAT_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final StateOptions options;
    private final DirectoryLock lock;
    private final CheckpointFiles files;
    private final RocksStore rocks;
    private final String id;
    private final Store store = new RetainingStore();
    private int sinceRetained;

    private StateDirectory(
            Disk disk,
            Path directory,
            StateOptions options,
            DirectoryLock lock,
            CheckpointFiles files,
            RocksStore rocks,
            String id) {
        this.disk = disk;
        this.directory = directory;
        this.options = options;
        this.lock = lock;
        this.files = files;
        this.rocks = rocks;
        this.id = id;
    }

    /**
     * Opens the state of a job, and makes it where there is none yet.
     *
     * @param root the directory of all jobs' states
     * @throws StoreException where it is in use, is not safe, or nothing whole is left in it; nothing has been lost by trying
     */
    public static StateDirectory open(String root, String jobName, StateOptions options) throws StoreException {
        return open(Disk.local(), pathOf(root), jobName, options);
    }

    static Path pathOf(String name) throws StoreException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new StoreException(
                    "TM-STORE-001: '" + SealedText.plain(name) + "' is not a path (" + e.getReason()
                            + "). Check --tidemarkStateDir and --tidemarkRestore.",
                    e);
        }
    }

    static StateDirectory open(Disk disk, Path root, String jobName, StateOptions options) throws StoreException {
        Path directory = root.toAbsolutePath().normalize().resolve(EncodedName.of(jobName));
        DirectoryLock lock = null;
        boolean opened = false;
        try {
            Privacy.prepare(disk, directory);
            lock = DirectoryLock.take(disk, directory);
            Privacy.inspect(disk, directory);
            NativeLibrary.load(disk, directory.resolve(NATIVE));
            CheckpointFiles files = new CheckpointFiles(disk);
            Opening opening = new Opening(disk, directory, jobName, options, files);
            String id = opening.id();
            StateDirectory state = new StateDirectory(disk, directory, options, lock, files, opening.open(), id);
            opened = true;
            return state;
        } catch (IOException | RocksDBException e) {
            throw unusable(directory, e);
        } finally {
            if (lock != null && !opened) {
                release(lock, directory);
            }
        }
    }

    /** What the job has committed, and where it commits. Commits also make retained checkpoints. Closed with this. */
    public Store store() {
        return store;
    }

    /** What no other state is called. It stays the same for as long as the directory is there. */
    public String id() {
        return id;
    }

    /** Where it all is. */
    public String path() {
        return directory.toString();
    }

    /**
     * Makes a checkpoint of the last epoch beside the live state, and removes those that are more than enough.
     *
     * @throws StoreException where it could not be made; epochs and older checkpoints stand
     */
    public void retain() throws StoreException {
        sinceRetained = 0;
        Path checkpoints = directory.resolve(CHECKPOINTS);
        Path target = checkpoints.resolve(String.format("%020d", rocks.epoch()));
        Path attempt = attempt(directory);
        try {
            if (disk.kind(target) == Disk.Kind.NOTHING) {
                files.make(rocks, attempt, target);
            }
            removeOld(checkpoints);
        } catch (IOException | RocksDBException e) {
            throw notMade("a checkpoint of epoch " + rocks.epoch(), attempt, e);
        }
    }

    /**
     * Makes a checkpoint of the last epoch in a directory of the user's.
     *
     * @param path does not exist; its parent does; null for a place among the savepoints in this directory
     * @return where it is
     */
    public String savepoint(@Nullable String path) throws StoreException {
        Path target =
                path == null ? ownSavepoint() : pathOf(path).toAbsolutePath().normalize();
        Path attempt = CheckpointFiles.parent(target).resolve(SAVEPOINT_ATTEMPT + UUID.randomUUID());
        try {
            if (disk.kind(target) != Disk.Kind.NOTHING) {
                throw new IOException(target + " exists already");
            }
            files.make(rocks, attempt, target);
            return target.toString();
        } catch (IOException | RocksDBException e) {
            throw notMade("a savepoint of epoch " + rocks.epoch() + " in " + target, attempt, e);
        }
    }

    /** A place for a savepoint that has no other: by its epoch, as checkpoints are, and once more where there is one already. */
    private Path ownSavepoint() throws StoreException {
        Path savepoints = directory.resolve(SAVEPOINTS);
        try {
            if (disk.kind(savepoints) == Disk.Kind.NOTHING) {
                disk.makeDirectory(savepoints);
                disk.sync(directory);
            }
            String name = String.format("%020d", rocks.epoch());
            Path target = savepoints.resolve(name);
            for (int i = 2; disk.kind(target) != Disk.Kind.NOTHING; i++) {
                target = savepoints.resolve(name + "-" + i);
            }
            return target;
        } catch (IOException e) {
            throw notMade(
                    "a savepoint of epoch " + rocks.epoch() + " in " + savepoints, savepoints.resolve(ATTEMPT), e);
        }
    }

    private StoreException notMade(String what, Path attempt, Exception e) {
        try {
            disk.deleteTree(attempt);
        } catch (IOException leftover) {
            e.addSuppressed(leftover);
        }
        return new StoreException(
                "TM-STORE-012: " + what + " could not be made (" + e.getMessage()
                        + "). What was committed stands, and so do older"
                        + " checkpoints. Check the disk and the room on it.",
                e);
    }

    private void removeOld(Path checkpoints) throws IOException {
        List<Path> all = disk.list(checkpoints);
        for (Path old : all.subList(0, Math.max(0, all.size() - options.retained()))) {
            // Under another name at once: one that is half gone must not look like one.
            Path attempt = attempt(directory);
            disk.rename(old, attempt);
            disk.deleteTree(attempt);
        }
    }

    private static Path attempt(Path directory) {
        return directory.resolve(ATTEMPT + UUID.randomUUID());
    }

    @Override
    public void close() {
        rocks.close();
        release(lock, directory);
    }

    static void release(DirectoryLock lock, Path directory) {
        try {
            lock.close();
        } catch (IOException e) {
            // The lock goes with the process at the latest.
            LOG.warn("TM-STORE-001: the lock of {} could not be given back: {}", directory, e.getMessage(), e);
        }
    }

    static StoreException unusable(Path directory, Exception e) {
        String what =
                "the state in " + directory + " cannot be used (" + e.getMessage() + "). Nothing in it was replaced.";
        return RocksStore.isNoSpace(e)
                ? new StoreException("TM-STORE-007: " + what + " The disk is full: make room and start again.", e)
                : new StoreException(
                        "TM-STORE-001: " + what
                                + " Check that the directory exists on a local disk, that you may write to it, and that the disk is"
                                + " well; then start again.",
                        e);
    }

    /** The rows, with a checkpoint beside them every so many commits. */
    private final class RetainingStore implements Store {
        @Override
        public long epoch() {
            return rocks.epoch();
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return rocks.get(key);
        }

        @Override
        public byte @Nullable [] first(byte[] from, byte[] until) {
            return rocks.first(from, until);
        }

        @Override
        public void scanWhile(byte[] from, byte[] until, Taker taker) {
            rocks.scanWhile(from, until, taker);
        }

        @Override
        public void commit(long epoch, List<Changes> changes) throws StoreException {
            rocks.commit(epoch, changes);
            sinceRetained++;
            if (sinceRetained >= options.retainEvery()) {
                try {
                    retain();
                } catch (StoreException e) {
                    // The epoch is committed all the same; there will be another.
                    LOG.warn("{}", e.getMessage(), e);
                }
            }
        }

        @Override
        public void settle() throws StoreException {
            rocks.settle();
        }

        /** Nothing: the directory is closed by who opened it. */
        @Override
        public void close() {}
    }

    /** One opening: finds what is whole, and makes it live. */
    private record Opening(Disk disk, Path directory, String jobName, StateOptions options, CheckpointFiles files) {
        RocksStore open() throws IOException, RocksDBException, StoreException {
            boolean known = isKnown();
            collectLeftovers(known);
            Path live = directory.resolve(LIVE);
            if (!known) {
                begin();
            } else if (options.restore() != Restore.AUTO) {
                replace(options.savepoint());
            }
            try {
                if (disk.kind(live) == Disk.Kind.NOTHING) {
                    throw new DamagedException(live + " is missing");
                }
                return RocksStore.open(disk, live, options.memoryBytes());
            } catch (DamagedException e) {
                restoreRetained(e);
            }
            try {
                return RocksStore.open(disk, live, options.memoryBytes());
            } catch (DamagedException e) {
                throw new IOException("what was just made whole is not: " + e.getMessage(), e);
            }
        }

        /** Whether a job has begun here: then there is state, and if it cannot be found that is damage. */
        private boolean isKnown() throws IOException, StoreException {
            Path format = directory.resolve(FORMAT);
            List<String> expected = List.of(FORMAT_LINE, JOB + SealedText.plain(jobName));
            if (disk.kind(format) == Disk.Kind.NOTHING) {
                refuseToForget();
                return false;
            }
            List<String> found;
            try {
                found = SealedText.read(disk.read(format, FORMAT_BYTES));
            } catch (DamagedException e) {
                LOG.warn("TM-STORE-005: {} is damaged ({}) and was written anew", format, e.getMessage());
                disk.delete(format);
                writeFormat();
                return true;
            }
            if (!found.equals(expected)) {
                throw new StoreException(
                        "TM-STORE-005: " + format + " says '" + SealedText.plain(String.join(", ", found))
                                + "', and '" + String.join(", ", expected)
                                + "' is expected. The state is another job's, or was written by a newer version of Tidemark. Use that"
                                + " version, or another --tidemarkStateDir.");
            }
            return true;
        }

        /** Without the format file there must be no state either: a job that has begun never begins again by itself. */
        private void refuseToForget() throws IOException, StoreException {
            boolean state = disk.kind(directory.resolve(CHECKPOINTS)) != Disk.Kind.NOTHING
                    && !disk.list(directory.resolve(CHECKPOINTS)).isEmpty();
            Path record = directory.resolve(LIVE).resolve(RocksStore.RECORD);
            if (disk.kind(record) != Disk.Kind.NOTHING) {
                try {
                    state |= EpochRecord.open(disk, record).newest() > 0;
                } catch (DamagedException e) {
                    LOG.warn("TM-STORE-008: {}", e.getMessage());
                    state = true;
                }
            }
            if (state) {
                throw new StoreException(
                        "TM-STORE-005: " + directory.resolve(FORMAT) + " is missing, and there is state in " + directory
                                + ". Put the file back, or move the directory away to begin with nothing.");
            }
        }

        private void writeFormat() throws IOException {
            Path temporary = attempt(directory);
            disk.create(temporary, SealedText.write(List.of(FORMAT_LINE, JOB + SealedText.plain(jobName))));
            disk.rename(temporary, directory.resolve(FORMAT));
            disk.sync(directory);
        }

        /** What only gives names to leftovers need not be what it was: where it is damaged, there is a new one. */
        String id() throws IOException {
            Path file = directory.resolve(ID);
            if (disk.kind(file) == Disk.Kind.FILE) {
                try {
                    List<String> lines = SealedText.read(disk.read(file, FORMAT_BYTES));
                    // It becomes part of paths: it must be what was written here.
                    return UUID.fromString(String.join(" ", lines)).toString();
                } catch (DamagedException | IllegalArgumentException e) {
                    LOG.warn("TM-STORE-005: {} is damaged ({}) and was written anew", file, e.getMessage());
                }
            }
            String made = UUID.randomUUID().toString();
            Path temporary = attempt(directory);
            disk.create(temporary, SealedText.write(List.of(made)));
            disk.rename(temporary, file);
            disk.sync(directory);
            return made;
        }

        private void collectLeftovers(boolean known) throws IOException {
            Path live = directory.resolve(LIVE);
            Path next = directory.resolve(NEXT);
            if (known && disk.kind(live) == Disk.Kind.NOTHING && disk.kind(next) == Disk.Kind.DIRECTORY) {
                // The last start set the old state aside, and got no further.
                disk.rename(next, live);
                disk.sync(directory);
            }
            disk.deleteTree(next);
            removeAttempts(directory, ATTEMPT);
            Path savepoints = directory.resolve(SAVEPOINTS);
            if (disk.kind(savepoints) == Disk.Kind.DIRECTORY) {
                removeAttempts(savepoints, SAVEPOINT_ATTEMPT);
            }
            if (disk.kind(directory.resolve(CHECKPOINTS)) == Disk.Kind.NOTHING) {
                disk.makeDirectory(directory.resolve(CHECKPOINTS));
                disk.sync(directory);
            }
        }

        private void removeAttempts(Path from, String prefix) throws IOException {
            for (Path each : disk.list(from)) {
                if (each.getFileName().toString().startsWith(prefix)) {
                    disk.deleteTree(each);
                }
            }
        }

        /** A job's first start. What an earlier first start has left never had a commit in it. */
        private void begin() throws IOException, RocksDBException, StoreException {
            disk.deleteTree(directory.resolve(LIVE));
            prepareNext(options.savepoint());
            disk.rename(directory.resolve(NEXT), directory.resolve(LIVE));
            disk.sync(directory);
            writeFormat();
        }

        /** Sets the old state aside and begins with nothing, or with a savepoint. */
        private void replace(@Nullable String savepoint) throws IOException, RocksDBException, StoreException {
            prepareNext(savepoint);
            Path aside = free(SET_ASIDE);
            disk.makeDirectory(aside);
            // The live state last: until then it is what counts.
            disk.rename(directory.resolve(CHECKPOINTS), aside.resolve(CHECKPOINTS));
            disk.makeDirectory(directory.resolve(CHECKPOINTS));
            disk.sync(aside);
            if (disk.kind(directory.resolve(LIVE)) != Disk.Kind.NOTHING) {
                disk.rename(directory.resolve(LIVE), aside.resolve(LIVE));
            }
            disk.rename(directory.resolve(NEXT), directory.resolve(LIVE));
            disk.sync(aside);
            disk.sync(directory);
            LOG.warn(
                    "TM-STORE-014: the job begins with {}, as it was told to. What it had is in {}; remove it when you are sure.",
                    savepoint == null ? "nothing" : savepoint,
                    aside);
        }

        private void prepareNext(@Nullable String savepoint) throws IOException, RocksDBException, StoreException {
            Path attempt = attempt(directory);
            if (savepoint == null) {
                disk.makeDirectory(attempt);
                RocksStore.create(disk, attempt, options.memoryBytes());
                disk.sync(attempt);
            } else {
                try {
                    files.restore(pathOf(savepoint), false, attempt, options.memoryBytes());
                } catch (DamagedException e) {
                    throw new StoreException(
                            "TM-STORE-010: the savepoint " + savepoint + " cannot be used: " + e.getMessage()
                                    + ". Nothing was replaced. Name another one with --tidemarkRestore.",
                            e);
                }
            }
            disk.rename(attempt, directory.resolve(NEXT));
            disk.sync(directory);
        }

        /** Puts the newest retained checkpoint that is whole in the place of a live state that is not. */
        private void restoreRetained(DamagedException why) throws IOException, RocksDBException, StoreException {
            Path checkpoints = directory.resolve(CHECKPOINTS);
            List<Path> newestFirst = new ArrayList<>(disk.list(checkpoints));
            newestFirst.sort(Comparator.reverseOrder());
            List<String> reasons = new ArrayList<>(List.of(String.valueOf(why.getMessage())));
            List<Path> bad = new ArrayList<>();
            for (Path checkpoint : newestFirst) {
                Path attempt = attempt(directory);
                try {
                    long epoch = files.restore(checkpoint, true, attempt, options.memoryBytes());
                    disk.rename(attempt, directory.resolve(NEXT));
                    for (Path each : bad) {
                        disk.rename(each, free(DAMAGED));
                    }
                    Path aside = free(DAMAGED);
                    if (disk.kind(directory.resolve(LIVE)) != Disk.Kind.NOTHING) {
                        disk.rename(directory.resolve(LIVE), aside);
                    }
                    disk.rename(directory.resolve(NEXT), directory.resolve(LIVE));
                    disk.sync(checkpoints);
                    disk.sync(directory);
                    LOG.error(
                            "TM-STORE-008: the state was damaged ({}). It was set aside as {}, and the job goes on from epoch {}.",
                            String.join("; ", reasons),
                            aside,
                            epoch);
                    return;
                } catch (DamagedException e) {
                    reasons.add(String.valueOf(e.getMessage()));
                    bad.add(checkpoint);
                    disk.deleteTree(attempt);
                }
            }
            throw new StoreException(
                    "TM-STORE-009: the state in " + directory + " is damaged, and no whole checkpoint is left: "
                            + String.join("; ", reasons)
                            + ". Nothing was removed. Name a savepoint with --tidemarkRestore=<path>, or begin with nothing with"
                            + " --tidemarkRestore=none.",
                    why);
        }

        private Path free(String prefix) throws IOException {
            for (int i = 1; ; i++) {
                Path path = directory.resolve(prefix + i);
                if (disk.kind(path) == Disk.Kind.NOTHING) {
                    return path;
                }
            }
        }
    }
}
