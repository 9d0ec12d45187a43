package dev.tidemark.runner.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/** Makes the crash images of a recording, in the order of their cuts. Used by one thread. */
final class Wreck implements AutoCloseable {
    private static final int SECTOR = 512;
    /** Ends behind ext4's superblock, without which nothing can be mounted: that is there in its old form or in its new one. */
    private static final int SUPERBLOCK = 4096;

    private static final int TORN = 8;
    private static final int BLOCK = 1 << 16;

    private final Recording recording;
    private final Path safe;
    private final FileChannel log;
    private final FileChannel disk;
    /** Blocks of {@link #disk} that are not all zeros. */
    private final BitSet used = new BitSet();
    /** How many entries {@link #disk} contains: all up to a flush. */
    private int written;

    Wreck(Recording recording, Path safe) throws IOException {
        this.recording = recording;
        this.safe = safe;
        Programs.run("cp", "--sparse=always", recording.base().toString(), safe.toString());
        this.log = FileChannel.open(recording.log().file(), StandardOpenOption.READ);
        this.disk = FileChannel.open(safe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (int i = 0; disk.read(block.clear(), (long) i * BLOCK) > 0; i++) {
            if (block.flip().mismatch(ByteBuffer.allocate(block.limit())) >= 0) {
                used.set(i);
            }
        }
    }

    /** Writes an image whose cut is not before that of the last one. */
    void write(CrashImage image, Path file) throws IOException {
        List<DiskLog.Entry> entries = recording.log().entries();
        int flushed = image.cut();
        while (flushed > 0 && !entries.get(flushed - 1).isFlush()) {
            flushed--;
        }
        if (flushed < written) {
            throw new IllegalArgumentException(image + " after entry " + written);
        }
        for (; written < flushed; written++) {
            DiskLog.Entry entry = entries.get(written);
            put(disk, entry, 0, entry.length());
            if (entry.length() > 0) {
                long last = entry.offset() + entry.length() - 1;
                used.set((int) (entry.offset() / BLOCK), (int) (last / BLOCK) + 1);
            }
        }
        Files.deleteIfExists(file);
        Random random = new Random(~image.seed());
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            copyTo(channel);
            for (int i = flushed; i < image.cut(); i++) {
                DiskLog.Entry entry = entries.get(i);
                if (random.nextInt(TORN) == 0) {
                    for (int from = 0; from < entry.length(); ) {
                        long indivisible = Math.max(SECTOR, SUPERBLOCK - entry.offset() - from);
                        int until = (int) Math.min(entry.length(), from + indivisible);
                        if (random.nextBoolean()) {
                            put(channel, entry, from, until);
                        }
                        from = until;
                    }
                } else if (random.nextBoolean()) {
                    put(channel, entry, 0, entry.length());
                }
            }
        }
    }

    /** Leaves holes where there is nothing. */
    private void copyTo(FileChannel channel) throws IOException {
        channel.write(ByteBuffer.allocate(1), disk.size() - 1);
        for (int from = used.nextSetBit(0); from >= 0; from = used.nextSetBit(used.nextClearBit(from))) {
            long end = Math.min(disk.size(), (long) used.nextClearBit(from) * BLOCK);
            channel.position((long) from * BLOCK);
            while (channel.position() < end) {
                if (disk.transferTo(channel.position(), end - channel.position(), channel) <= 0) {
                    throw new IOException("the disk ends before " + end);
                }
            }
        }
    }

    private void put(FileChannel target, DiskLog.Entry entry, int from, int until) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(until - from);
        while (bytes.hasRemaining()) {
            if (log.read(bytes, entry.begin() + from + bytes.position()) < 0) {
                throw new IOException("the log ends within " + entry);
            }
        }
        bytes.flip();
        long at = entry.offset() + from;
        while (bytes.hasRemaining()) {
            at += target.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
        disk.close();
        Files.delete(safe);
    }
}
