package dev.tidemark.runner.store;

import dev.tidemark.runner.store.ManifestWatch.Beginning;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which epoch was committed last, apart from the rows. RocksDB cuts its log off where it cannot read on, as it must after a crash; a
 * byte that has gone bad in the middle looks the same. With this record the two can be told apart: an epoch is not announced before
 * it is in here, so what RocksDB finds may be newer, and must not be older.
 *
 * <p>Two slots, each with its checksum, are written in turn: one that is torn was not announced, and the other still counts. Owned by
 * the thread that commits.
 */
final class EpochRecord {
    static final int SLOT = 4096;
    private static final long MAGIC = 0x5469_6465_4570_6f31L;
    /** Magic, epoch, and how RocksDB's manifest begins. */
    private static final int SUMMED = 4 * Long.BYTES + Integer.BYTES;

    static final int USED = SUMMED + Integer.BYTES;

    private final Disk disk;
    private final Path file;
    private Entry newest;
    private int slot;

    /** The newest epoch, and how the manifest of its rows begins. */
    record Entry(long epoch, Beginning beginning) {}

    private EpochRecord(Disk disk, Path file, Entry newest, int slot) {
        this.disk = disk;
        this.file = file;
        this.newest = newest;
        this.slot = slot;
    }

    /** Makes a record; the caller syncs the directory. */
    static EpochRecord create(Disk disk, Path file, Entry entry) throws IOException {
        byte[] both = new byte[2 * SLOT];
        System.arraycopy(encode(entry), 0, both, 0, USED);
        System.arraycopy(encode(entry), 0, both, SLOT, USED);
        disk.create(file, both);
        return new EpochRecord(disk, file, entry, 0);
    }

    /**
     * Reads a record.
     *
     * @throws DamagedException where neither slot can be read
     */
    static EpochRecord open(Disk disk, Path file) throws IOException, DamagedException {
        if (disk.kind(file) != Disk.Kind.FILE) {
            throw new DamagedException(file + ", which names the newest epoch, is missing");
        }
        byte[] both = disk.read(file, 1 << 20);
        Entry first = decode(both, 0);
        Entry second = decode(both, SLOT);
        if (first != null && (second == null || isNewer(first, second))) {
            return new EpochRecord(disk, file, first, 0);
        }
        if (second != null) {
            return new EpochRecord(disk, file, second, 1);
        }
        throw new DamagedException(file + ", which names the newest epoch, has a wrong checksum at 0 and at " + SLOT);
    }

    private static boolean isNewer(Entry one, Entry other) {
        if (one.epoch() != other.epoch()) {
            return one.epoch() > other.epoch();
        }
        if (one.beginning().number() != other.beginning().number()) {
            return one.beginning().number() > other.beginning().number();
        }
        return one.beginning().length() >= other.beginning().length();
    }

    long newest() {
        return newest.epoch();
    }

    Beginning beginning() {
        return newest.beginning();
    }

    /** Notes that an epoch is committed; durable when this returns. After a failure the record is not to be used any more. */
    void advance(Entry entry) throws IOException {
        int other = 1 - slot;
        disk.overwrite(file, (long) other * SLOT, encode(entry));
        slot = other;
        newest = entry;
    }

    private static byte[] encode(Entry entry) {
        ByteBuffer buffer = ByteBuffer.allocate(USED)
                .putLong(MAGIC)
                .putLong(entry.epoch())
                .putLong(entry.beginning().number())
                .putLong(entry.beginning().length())
                .putInt(entry.beginning().sum());
        return buffer.putInt(crc(buffer.array(), 0)).array();
    }

    private static @Nullable Entry decode(byte[] both, int at) {
        if (both.length < at + USED) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(both, at, USED);
        boolean ours = buffer.getLong() == MAGIC;
        Entry entry = new Entry(buffer.getLong(), new Beginning(buffer.getLong(), buffer.getLong(), buffer.getInt()));
        return ours && entry.epoch() >= 0 && buffer.getInt() == crc(both, at) ? entry : null;
    }

    private static int crc(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, SUMMED);
        return (int) crc.getValue();
    }
}
