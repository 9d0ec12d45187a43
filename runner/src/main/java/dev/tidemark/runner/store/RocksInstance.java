package dev.tidemark.runner.store;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ChecksumType;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Logger;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBufferManager;
import org.slf4j.LoggerFactory;

/**
 * One opening of a RocksDB, with everything native that belongs to it. Whoever uses it enters and leaves; it is closed by the last to
 * leave after its owner has shut it, for to use what is closed would end the JVM. Any thread may enter; one owner shuts.
 */
final class RocksInstance {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(RocksInstance.class);

    /** Set in {@link #users} when nobody may enter any more. */
    private static final int SHUT = 1 << 30;

    private static final long WRITE_BUFFER_MAX = 64L << 20;
    private static final int BLOOM_BITS = 10;
    private static final long LEAST_SHARD = 32L << 20;
    private static final int TABLE_FORMAT = 6;

    /** How to open. */
    enum Mode {
        NEW,
        EXISTING,
        READ_ONLY
    }

    private final RocksDB db;
    private final Log log;
    private final DBOptions dbOptions;
    private final ColumnFamilyOptions rowOptions;
    /** What is to be closed, the last first. */
    private final Deque<AutoCloseable> natives;

    // --- by any thread
    /** The owner counts as one. */
    private final AtomicInteger users = new AtomicInteger(1);

    private RocksInstance(
            RocksDB db, Log log, DBOptions dbOptions, ColumnFamilyOptions rowOptions, Deque<AutoCloseable> natives) {
        this.db = db;
        this.log = log;
        this.dbOptions = dbOptions;
        this.rowOptions = rowOptions;
        this.natives = natives;
    }

    /** Opens the RocksDB in {@code directory}; blocks and write buffers share {@code memoryBytes}. */
    static RocksInstance open(Path directory, long memoryBytes, Mode mode) throws RocksDBException {
        Deque<AutoCloseable> natives = new ArrayDeque<>();
        boolean opened = false;
        try {
            Cache cache = kept(natives, new LRUCache(memoryBytes, shardBits(memoryBytes)));
            WriteBufferManager buffers = kept(natives, new WriteBufferManager(memoryBytes / 2, cache));
            Log log = kept(natives, new Log());
            DBOptions dbOptions = kept(natives, dbOptions(natives))
                    .setLogger(log)
                    .setCreateIfMissing(mode == Mode.NEW)
                    .setErrorIfExists(mode == Mode.NEW)
                    .setWriteBufferManager(buffers);
            ColumnFamilyOptions rowOptions =
                    kept(natives, rowOptions(cache, kept(natives, new BloomFilter(BLOOM_BITS)), memoryBytes));
            List<ColumnFamilyDescriptor> families =
                    List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, rowOptions));
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            String path = directory.toString();
            RocksDB db = mode == Mode.READ_ONLY
                    ? RocksDB.openReadOnly(dbOptions, path, families, handles)
                    : RocksDB.open(dbOptions, path, families, handles);
            natives.push(db);
            handles.forEach(natives::push);
            opened = true;
            return new RocksInstance(db, log, dbOptions, rowOptions, natives);
        } finally {
            if (!opened) {
                closeAll(natives);
            }
        }
    }

    /**
     * Into how many parts the cache is cut, so that threads seldom meet: as a power of two. Each must have room for the filter and the index of
     * some large tables, which come as a whole: RocksDB's own choice, 64 parts, had room for none, and read them anew for each row.
     */
    private static int shardBits(long memoryBytes) {
        return Math.min(6, Math.max(0, 63 - Long.numberOfLeadingZeros(Math.max(1, memoryBytes / LEAST_SHARD))));
    }

    private static DBOptions dbOptions(Deque<AutoCloseable> natives) {
        // Have no setter in Java: the manifest, and each log, know which logs there must be.
        Properties properties = new Properties();
        properties.setProperty("track_and_verify_wals_in_manifest", "true");
        properties.setProperty("track_and_verify_wals", "true");
        DBOptions options = DBOptions.getDBOptionsFromProps(kept(natives, new ConfigOptions()), properties);
        if (options == null) {
            throw new IllegalStateException("RocksDB does not know " + properties);
        }
        return options
                // Reads the log up to where it cannot; the epoch record says whether that is far enough.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // After an error it never goes on by itself.
                .setMaxBgErrorResumeCount(0)
                // Every file is looked at when it is opened.
                .setMaxOpenFiles(-1)
                .setStatsDumpPeriodSec(0);
    }

    private static ColumnFamilyOptions rowOptions(Cache cache, BloomFilter bloom, long memoryBytes) {
        return new ColumnFamilyOptions()
                .setWriteBufferSize(Math.min(WRITE_BUFFER_MAX, memoryBytes / 4))
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setDisableAutoCompactions(true)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setFormatVersion(TABLE_FORMAT)
                        .setChecksumType(ChecksumType.kXXH3)
                        .setBlockCache(cache)
                        // Indexes and filters count as memory too.
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(bloom)
                        .setWholeKeyFiltering(true)
                        .setOptimizeFiltersForMemory(true));
    }

    private static <T extends AbstractNativeReference> T kept(Deque<AutoCloseable> natives, T reference) {
        natives.push(reference);
        return reference;
    }

    /** Throws what RocksDB could not do on its own threads, if there was anything. */
    void requireNoBackgroundError() throws RocksDBException {
        if (db.getLongProperty("rocksdb.background-errors") > 0) {
            String why = log.firstComplaint;
            throw new RocksDBException(
                    "RocksDB could not write in the background" + (why == null ? "" : ": " + why.strip()));
        }
    }

    /**
     * What RocksDB has to say goes where all else is said, and not to a file of its own. It counts what its own threads could not do,
     * and tells the reason only here: a later write may succeed as if nothing had been, and its listeners are told of an error without
     * the error (facebook/rocksdb#7503).
     */
    private static final class Log extends Logger {
        private volatile @Nullable String firstComplaint;

        Log() {
            super(InfoLogLevel.WARN_LEVEL);
        }

        @Override
        protected void log(InfoLogLevel level, String message) {
            if (!message.contains(" error")) {
                LOG.debug("RocksDB: {}", message);
                return;
            }
            if (firstComplaint == null) {
                firstComplaint = message;
            }
            LOG.warn("RocksDB: {}", message);
        }
    }

    /** False where the owner has shut it. Whoever gets in leaves again. */
    boolean enter() {
        for (int now = users.get(); (now & SHUT) == 0; now = users.get()) {
            if (users.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void leave() {
        if (users.decrementAndGet() == SHUT) {
            closeAll(natives);
        }
    }

    /**
     * Shuts it for good, where within {@code patience} looks everybody has left; otherwise all stays as it was. The owner's.
     */
    @SuppressWarnings("ThreadPriorityCheck") // for as long as somebody else's read takes
    boolean shut(int patience) {
        users.getAndUpdate(now -> now | SHUT);
        for (int i = 0; i < patience; i++) {
            if (users.get() == (SHUT | 1)) {
                leave();
                return true;
            }
            Thread.yield();
        }
        users.getAndUpdate(now -> now & ~SHUT);
        return false;
    }

    /** Shuts it for good; closes it now, or when the last has left. The owner's. */
    void shut() {
        users.getAndUpdate(now -> now | SHUT);
        leave();
    }

    /** Begins to merge tables: not before what they contain has been verified, where it is to be. The owner's. */
    void startCompacting() throws RocksDBException {
        db.enableAutoCompaction(List.of(db.getDefaultColumnFamily()));
    }

    /**
     * Hands over the rows from {@code from} on and before {@code until}, in order, until {@code taker} has enough. For one who has entered,
     * or for the owner.
     */
    void scan(byte[] from, byte[] until, Store.Taker taker) throws RocksDBException {
        try (Slice end = new Slice(until);
                ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                RocksIterator rows = db.newIterator(options)) {
            rows.seek(from);
            while (rows.isValid() && taker.row(rows.key(), rows.value())) {
                rows.next();
            }
            rows.status();
        }
    }

    /** The key of the first row from {@code from} on and before {@code until}. For one who has entered, or for the owner. */
    byte @Nullable [] first(byte[] from, byte[] until) throws RocksDBException {
        try (Slice end = new Slice(until);
                ReadOptions options = new ReadOptions().setIterateUpperBound(end);
                RocksIterator rows = db.newIterator(options)) {
            rows.seek(from);
            byte[] key = rows.isValid() ? rows.key() : null;
            rows.status();
            return key;
        }
    }

    /** For one who has entered, or for the owner. */
    RocksDB db() {
        return db;
    }

    DBOptions dbOptions() {
        return dbOptions;
    }

    ColumnFamilyOptions rowOptions() {
        return rowOptions;
    }

    private static void closeAll(Deque<AutoCloseable> natives) {
        for (AutoCloseable each = natives.poll(); each != null; each = natives.poll()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("RocksDB's objects do not throw when they are closed", e);
            }
        }
    }
}
