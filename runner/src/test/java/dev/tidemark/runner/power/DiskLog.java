package dev.tidemark.runner.power;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a disk has been told, in order.
 *
 * @param file where the bytes are
 */
record DiskLog(Path file, List<Entry> entries) {
    private static final int HEADER = 12;
    private static final long FLUSH = -1;

    /**
     * A write, or a flush.
     *
     * @param end the position in the log behind it
     * @param offset where on the disk; -1 for a flush
     */
    record Entry(long end, long offset, int length) {
        boolean isFlush() {
            return offset == FLUSH;
        }

        /** Where its bytes begin in the log. */
        long begin() {
            return end - length;
        }
    }

    DiskLog {
        entries = List.copyOf(entries);
    }

    /** Reads a log up to a position. */
    static DiskLog read(Path file, long until) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            for (long at = 0; at < until; ) {
                long offset = Long.reverseBytes(in.readLong());
                int length = Integer.reverseBytes(in.readInt());
                in.skipNBytes(length);
                at += HEADER + length;
                entries.add(new Entry(at, offset, length));
            }
        }
        return new DiskLog(file, entries);
    }

    /** How many entries there are up to a position. */
    int countUntil(long position) {
        int count = 0;
        while (count < entries.size() && entries.get(count).end() <= position) {
            count++;
        }
        return count;
    }

    long flushes() {
        return entries.stream().filter(Entry::isFlush).count();
    }
}
