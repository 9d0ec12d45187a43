package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

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
    private static final int USED = Long.BYTES + Long.BYTES + Integer.BYTES;

    private final Disk disk;
    private final Path file;
    private long newest;
    private int slot;

    private EpochRecord(Disk disk, Path file, long newest, int slot) {
        this.disk = disk;
        this.file = file;
        this.newest = newest;
        this.slot = slot;
    }

    /** Makes a record of {@code epoch}; the caller syncs the directory. */
    static EpochRecord create(Disk disk, Path file, long epoch) throws IOException {
        byte[] both = new byte[2 * SLOT];
        System.arraycopy(encode(epoch), 0, both, 0, USED);
        System.arraycopy(encode(epoch), 0, both, SLOT, USED);
        disk.create(file, both);
        return new EpochRecord(disk, file, epoch, 0);
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
        OptionalLong first = decode(both, 0);
        OptionalLong second = decode(both, SLOT);
        if (first.isEmpty() && second.isEmpty()) {
            throw new DamagedException(
                    file + ", which names the newest epoch, has a wrong checksum at 0 and at " + SLOT);
        }
        long inFirst = first.orElse(-1);
        long inSecond = second.orElse(-1);
        return new EpochRecord(disk, file, Math.max(inFirst, inSecond), inFirst >= inSecond ? 0 : 1);
    }

    long newest() {
        return newest;
    }

    /** Notes that {@code epoch} is committed; durable when this returns. After a failure the record is not to be used any more. */
    void advance(long epoch) throws IOException {
        int other = 1 - slot;
        disk.overwrite(file, (long) other * SLOT, encode(epoch));
        slot = other;
        newest = epoch;
    }

    private static byte[] encode(long epoch) {
        ByteBuffer buffer = ByteBuffer.allocate(USED).putLong(MAGIC).putLong(epoch);
        return buffer.putInt(crc(buffer.array(), 0)).array();
    }

    private static OptionalLong decode(byte[] both, int at) {
        if (both.length < at + USED) {
            return OptionalLong.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(both, at, USED);
        boolean ours = buffer.getLong() == MAGIC;
        long epoch = buffer.getLong();
        return ours && epoch >= 0 && buffer.getInt() == crc(both, at) ? OptionalLong.of(epoch) : OptionalLong.empty();
    }

    private static int crc(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, Long.BYTES + Long.BYTES);
        return (int) crc.getValue();
    }
}
