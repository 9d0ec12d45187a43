package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in a directory of its own, over RocksDB. Any thread reads; one at a time commits.
 *
 * <p>An epoch's rows and its number are written together: as one batch through the log, or, where they are many, as one sorted file
 * that RocksDB takes in. Either is there as a whole or not at all. Then the {@link EpochRecord} follows, and only then the epoch
 * counts.
 *
 * <p>After a failed write nobody knows what the disk holds, and to sync again might say that all is well when it is not. So the
 * instance is never written to again. It still answers readers; the next commit opens the directory anew and goes on from the last
 * epoch that is whole. That may be the one whose commit failed: its rows were all written, and only that they will last was in
 * doubt, which opening settles by writing them again. To commit the same rows again is harmless.
 */
public final class RocksStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStore.class);

    /** Rows from here on are the store's own. Step numbers never get so far. */
    private static final byte[] RESERVED = {-1, -1, -1, -1};

    private static final byte[] EPOCH_KEY = {-1, -1, -1, -1, 'e', 'p', 'o', 'c', 'h'};

    static final String ROWS = "rows";
    static final String RECORD = "epoch";
    private static final String NEXT_RECORD = RECORD + ".next";
    private static final String PROBE = "probe";
    private static final String INGEST = "ingest.sst";
    private static final String TEMPORARY = ".dbtmp";

    /** A full disk must have this much room before RocksDB is opened on it again. */
    private static final int PROBE_BYTES = 1 << 20;

    /** How often a commit looks whether the readers of a broken instance have left. */
    private static final int PATIENCE = 1 << 20;

    /** Epochs from this size on are written as a sorted file; measured in docs/design/002-durable-store.md. */
    static final long LARGE_BYTES = Long.getLong("tidemark.store.largeBytes", 2L << 20);

    private final Disk disk;
    private final Path directory;
    private final long memoryBytes;
    private final Set<Path> known = new HashSet<>();

    // --- of the thread that commits
    private final ManifestWatch watch;

    private EpochRecord record;
    /** Why nothing may be written to the instance any more. */
    private @Nullable Exception broken;
    /** Whether {@link #instance} is shut, and another is still to be opened. */
    private boolean between;

    // --- written by the thread that commits
    private volatile RocksInstance instance;
    private volatile long epoch;
    /** Why nobody can read at the moment. */
    private volatile @Nullable Exception unavailable;

    private volatile boolean closed;

    private RocksStore(
            Disk disk, Path directory, long memoryBytes, EpochRecord record, RocksInstance instance, long epoch)
            throws IOException {
        this.disk = disk;
        this.directory = directory;
        this.memoryBytes = memoryBytes;
        this.record = record;
        this.instance = instance;
        this.epoch = epoch;
        this.watch = new ManifestWatch(disk, directory.resolve(ROWS));
        // Opening has begun a new manifest.
        record.advance(new EpochRecord.Entry(epoch, watch.advance()));
        keepPrivate();
    }

    /** Makes an empty store in {@code directory}, which exists and is empty. Nothing is synced but what RocksDB syncs. */
    static void create(Disk disk, Path directory, long memoryBytes) throws IOException, RocksDBException {
        disk.makeDirectory(directory.resolve(ROWS));
        RocksInstance.open(directory.resolve(ROWS), memoryBytes, RocksInstance.Mode.NEW)
                .shut();
        createRecord(disk, directory, 0);
    }

    /** Writes down that the rows in {@code directory}, which nobody has open, are those of an epoch. */
    static void createRecord(Disk disk, Path directory, long epoch) throws IOException {
        ManifestWatch watch = new ManifestWatch(disk, directory.resolve(ROWS));
        EpochRecord.create(disk, directory.resolve(RECORD), new EpochRecord.Entry(epoch, watch.advance()));
    }

    /**
     * Opens the store in {@code directory}.
     * @throws DamagedException where it is not what was committed
     */
    static RocksStore open(Disk disk, Path directory, long memoryBytes)
            throws IOException, RocksDBException, DamagedException {
        disk.delete(directory.resolve(INGEST));
        disk.delete(directory.resolve(PROBE));
        disk.delete(directory.resolve(NEXT_RECORD));
        EpochRecord record = EpochRecord.open(disk, directory.resolve(RECORD));
        Path rows = directory.resolve(ROWS);
        ManifestWatch.require(disk, rows, record.beginning());
        deleteTemporary(disk, rows);
        boolean opened = false;
        RocksInstance instance = null;
        try {
            instance = RocksInstance.open(rows, memoryBytes, RocksInstance.Mode.EXISTING);
            instance.db().verifyChecksum();
            long epoch = epochIn(instance.db());
            if (epoch < record.newest()) {
                throw new DamagedException(
                        rows + " ends with epoch " + epoch + ", and epoch " + record.newest() + " was committed");
            }
            instance.startCompacting();
            RocksStore store = new RocksStore(disk, directory, memoryBytes, record, instance, epoch);
            opened = true;
            return store;
        } catch (RocksDBException e) {
            if (isDamage(e)) {
                throw new DamagedException(rows + ": " + e.getMessage(), e);
            }
            throw e;
        } finally {
            if (instance != null && !opened) {
                instance.shut();
            }
        }
    }

    /** RocksDB removes what a killed process was writing, but for its options under their temporary name. */
    private static void deleteTemporary(Disk disk, Path rows) throws IOException {
        for (Path file : disk.list(rows)) {
            if (file.getFileName().toString().endsWith(TEMPORARY)) {
                disk.delete(file);
            }
        }
    }

    /** The epoch in a directory with rows that nobody has open. */
    static long epochOf(Path rows) throws RocksDBException, DamagedException {
        RocksInstance instance = RocksInstance.open(rows, PROBE_BYTES, RocksInstance.Mode.READ_ONLY);
        try {
            return epochIn(instance.db());
        } finally {
            instance.shut();
        }
    }

    static long epochIn(RocksDB db) throws RocksDBException, DamagedException {
        byte[] value = db.get(EPOCH_KEY);
        if (value != null && value.length != Long.BYTES) {
            throw new DamagedException("the epoch in the rows has " + value.length + " bytes, not " + Long.BYTES);
        }
        return value == null ? 0 : ByteBuffer.wrap(value).getLong();
    }

    /**
     * Whether it is what the files contain that RocksDB complains of. Where the machine is short of something, or a device does not
     * answer, the files may be whole.
     */
    static boolean isDamage(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        boolean corrupt = status != null
                && (status.getCode() == Status.Code.Corruption
                        || status.getCode() == Status.Code.NotFound
                        || status.getCode() == Status.Code.NotSupported
                        || status.getCode() == Status.Code.InvalidArgument);
        return corrupt || message.contains("No such file or directory");
    }

    // ---------------------------------------------------------------- reading

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        RocksInstance entered = enter();
        try {
            return isReserved(key) ? null : entered.db().get(key);
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            entered.leave();
        }
    }

    @Override
    public byte @Nullable [] first(byte[] from, byte[] until) {
        RocksInstance entered = enter();
        try {
            return entered.first(from, isReserved(until) ? RESERVED : until);
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            entered.leave();
        }
    }

    @Override
    public void scanWhile(byte[] from, byte[] until, Taker taker) {
        RocksInstance entered = enter();
        try {
            entered.scan(from, isReserved(until) ? RESERVED : until, taker);
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            entered.leave();
        }
    }

    /** While a commit opens the directory anew, there is for a moment nothing to enter. */
    @SuppressWarnings("ThreadPriorityCheck") // seldom, and then for as long as it takes to open a directory
    private RocksInstance enter() {
        for (; ; ) {
            RocksInstance now = instance;
            if (now.enter()) {
                return now;
            }
            if (closed) {
                throw new IllegalStateException("the store in " + directory + " is closed");
            }
            Exception why = unavailable;
            if (why != null) {
                throw unreadable(why);
            }
            Thread.yield();
        }
    }

    private UncheckedStoreException unreadable(Exception e) {
        return new UncheckedStoreException(
                "TM-STORE-011: the state in " + directory + " cannot be read (" + e.getMessage()
                        + "). Nothing wrong was used. Check the disk and start again: what is damaged is found then, and an older"
                        + " checkpoint takes its place.",
                e);
    }

    private static boolean isReserved(byte[] key) {
        return Arrays.compareUnsigned(key, RESERVED) >= 0;
    }

    // ---------------------------------------------------------------- committing

    @Override
    public void commit(long newEpoch, List<Changes> changes) throws StoreException {
        if (newEpoch <= epoch && broken == null) {
            throw new IllegalArgumentException("epoch " + newEpoch + " after " + epoch);
        }
        settle();
        try {
            instance.requireNoBackgroundError();
            long bytes = 0;
            for (Changes each : changes) {
                bytes += each.bytes();
            }
            // In a sorted file all changes are of one moment: a range would not know which rows were written after it.
            if (bytes < LARGE_BYTES || changes.stream().anyMatch(Changes::hasRanges)) {
                writeBatch(newEpoch, changes);
            } else {
                ingest(newEpoch, changes);
            }
            record.advance(new EpochRecord.Entry(newEpoch, watch.advance()));
        } catch (IOException | RocksDBException e) {
            broken = e;
            throw failed("epoch " + newEpoch + " could not be made durable in " + directory, e);
        }
        epoch = newEpoch;
        try {
            keepPrivate();
        } catch (IOException e) {
            // The epoch stands; that RocksDB's files can be listed again is settled by opening them.
            LOG.warn(
                    "epoch {} is durable, but the files in {} could not be looked at; they are opened anew",
                    epoch,
                    directory,
                    e);
            broken = e;
        }
    }

    private void writeBatch(long newEpoch, List<Changes> changes) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch();
                WriteOptions synced = new WriteOptions().setSync(true)) {
            Rows rows = new Rows() {
                @Override
                public void put(byte[] key, byte[] value) throws RocksDBException {
                    batch.put(key, value);
                }

                @Override
                public void delete(byte[] key) throws RocksDBException {
                    batch.delete(key);
                }
            };
            for (Changes each : changes) {
                for (int i = 0; i < each.size(); i++) {
                    byte[] end = each.end(i);
                    if (end == null) {
                        write(rows, each.key(i), each.value(i));
                    } else {
                        batch.deleteRange(each.key(i), isReserved(end) ? RESERVED : end);
                    }
                }
            }
            batch.put(EPOCH_KEY, encoded(newEpoch));
            instance.db().write(synced, batch);
        }
    }

    /** As one file, its last row the epoch's number. RocksDB makes the file part of the rows in one write of its manifest. */
    private void ingest(long newEpoch, List<Changes> changes) throws RocksDBException, IOException {
        Path file = directory.resolve(INGEST);
        disk.delete(file);
        try (EnvOptions environment = new EnvOptions();
                Options options = new Options(instance.dbOptions(), instance.rowOptions());
                SstFileWriter writer = new SstFileWriter(environment, options);
                IngestExternalFileOptions how =
                        new IngestExternalFileOptions().setMoveFiles(true).setWriteGlobalSeqno(false)) {
            writer.open(file.toString());
            Rows rows = new Rows() {
                @Override
                public void put(byte[] key, byte[] value) throws RocksDBException {
                    writer.put(key, value);
                }

                @Override
                public void delete(byte[] key) throws RocksDBException {
                    writer.delete(key);
                }
            };
            SortedChanges.forEach(changes, (key, value) -> write(rows, key, value));
            writer.put(EPOCH_KEY, encoded(newEpoch));
            writer.finish();
            instance.db().ingestExternalFile(List.of(file.toString()), how);
        }
        disk.delete(file);
    }

    /** Where changes go. */
    private interface Rows {
        void put(byte[] key, byte[] value) throws RocksDBException;

        void delete(byte[] key) throws RocksDBException;
    }

    private static void write(Rows rows, byte[] key, byte @Nullable [] value) throws RocksDBException {
        if (isReserved(key)) {
            throw new IllegalArgumentException("a key that begins with four bytes 0xFF is the store's own");
        }
        if (value == null) {
            rows.delete(key);
        } else {
            rows.put(key, value);
        }
    }

    private static byte[] encoded(long epoch) {
        return ByteBuffer.allocate(Long.BYTES).putLong(epoch).array();
    }

    // ---------------------------------------------------------------- after a failure

    /** Opens the directory anew after a write that failed: RocksDB finds there all of the epoch, or nothing. */
    @Override
    public void settle() throws StoreException {
        if (broken != null) {
            reopen();
        }
    }

    /**
     * Leaves the broken instance and opens the directory anew. Where it cannot be done, readers keep what they had as far as there is
     * any way.
     */
    private void reopen() throws StoreException {
        try {
            makeSureOfRoom();
        } catch (IOException e) {
            throw failed("the state in " + directory + " still cannot be written to", e);
        }
        if (!between && !instance.shut(PATIENCE)) {
            throw failed(
                    "the state in " + directory + " is being read, and so cannot be opened anew after a failure",
                    broken);
        }
        between = true;
        Path rows = directory.resolve(ROWS);
        boolean opened = false;
        try {
            disk.delete(directory.resolve(INGEST));
            RocksInstance next = RocksInstance.open(rows, memoryBytes, RocksInstance.Mode.EXISTING);
            instance = next;
            between = false;
            unavailable = null;
            opened = true;
            long found = epochIn(next.db());
            if (found < epoch) {
                throw new DamagedException(
                        rows + " ends with epoch " + found + ", and epoch " + epoch + " was committed");
            }
            next.startCompacting();
            renewRecord(found);
            epoch = found;
            keepPrivate();
            broken = null;
        } catch (RocksDBException | DamagedException | IOException e) {
            if (!opened) {
                openForReaders(rows, e);
            }
            broken = e;
            throw failed("the state in " + directory + " cannot be opened anew after a failure", e);
        }
    }

    /** A file whose write has failed is not written to again. */
    private void renewRecord(long found) throws IOException {
        Path file = directory.resolve(RECORD);
        Path next = directory.resolve(NEXT_RECORD);
        disk.delete(next);
        EpochRecord.create(disk, next, new EpochRecord.Entry(found, watch.advance()));
        disk.rename(next, file);
        disk.sync(directory);
        try {
            record = EpochRecord.open(disk, file);
        } catch (DamagedException e) {
            throw new IOException("what was just written cannot be read back", e);
        }
    }

    private void openForReaders(Path rows, Exception cause) {
        try {
            instance = RocksInstance.open(rows, memoryBytes, RocksInstance.Mode.READ_ONLY);
            between = false;
            unavailable = null;
        } catch (RocksDBException e) {
            e.addSuppressed(cause);
            unavailable = e;
        }
    }

    private void makeSureOfRoom() throws IOException {
        Path probe = directory.resolve(PROBE);
        try {
            disk.delete(probe);
            disk.create(probe, new byte[PROBE_BYTES]);
        } finally {
            disk.delete(probe);
        }
    }

    static boolean isNoSpace(@Nullable Throwable e) {
        boolean said = e instanceof RocksDBException rocks
                && rocks.getStatus() != null
                && rocks.getStatus().getSubCode() == Status.SubCode.NoSpace;
        return said || (e != null && String.valueOf(e.getMessage()).contains("No space left on device"));
    }

    private StoreException failed(String what, @Nullable Exception e) {
        String why = e == null ? "unknown" : String.valueOf(e.getMessage());
        String message = isNoSpace(e)
                ? "TM-STORE-007: " + what + ": the disk is full (" + why + "). Epoch " + epoch
                        + " stands. Make room; the next checkpoint goes on by itself."
                : "TM-STORE-006: " + what + " (" + why + "). Epoch " + epoch
                        + " stands. Check the disk; the next checkpoint tries again with fresh files.";
        return e == null ? new StoreException(message) : new StoreException(message, e);
    }

    // ---------------------------------------------------------------- files

    /** Makes a copy of the rows as of the last commit, in hard links where it can, in a directory that does not exist. */
    void copyTo(Path rows) throws RocksDBException, IOException {
        if (broken != null) {
            throw new IOException("the last commit failed", broken);
        }
        try (Checkpoint checkpoint = Checkpoint.create(instance.db())) {
            checkpoint.createCheckpoint(rows.toString());
        }
    }

    /** RocksDB makes its files readable by all that the process' mask lets in; the directory keeps them out, and so do the files. */
    private void keepPrivate() throws IOException {
        List<Path> files = disk.list(directory.resolve(ROWS));
        known.retainAll(files);
        for (Path file : files) {
            if (known.add(file) && disk.kind(file) == Disk.Kind.FILE) {
                try {
                    disk.makePrivate(file);
                } catch (NoSuchFileException e) {
                    // RocksDB has no use for it any more.
                    known.remove(file);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        if (!between) {
            instance.shut();
            between = true;
        }
    }
}
