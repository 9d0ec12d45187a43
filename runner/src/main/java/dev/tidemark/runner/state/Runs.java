package dev.tidemark.runner.state;

import dev.tidemark.runner.store.SpillFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.transforms.windowing.TimestampCombiner;
import org.apache.beam.sdk.util.VarInt;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sorted runs of grouped elements in one temporary file, and their merge. Owned by one task while it writes and merges; the pieces
 * that were handed out may be read by any thread, for as long as anybody has them.
 *
 * <p>A record of a run is: length and bytes of the key, length and bytes of the window, its time (0, or 1 and eight bytes), the
 * number of pieces, length and bytes of the pieces. What has many pieces has several records.
 */
final class Runs {
    /** Pieces of a record, unless one is larger by itself. */
    private static final int RECORD_BYTES = 64 << 10;

    /** Of one key and window so much is read at once; of more, each piece when somebody wants it. */
    private static final int IN_MEMORY_BYTES = 16 << 10;

    private static final int MOST_READ_AHEAD = 64 << 10;
    private static final int LEAST_READ_AHEAD = 4 << 10;
    private static final int ALL_READ_AHEAD = 16 << 20;

    private record Run(long begin, long end) {}

    private final SpillFile file = SpillFile.create();
    private final Coder<Object> pieceCoder;
    private final TimestampCombiner timestamps;
    private final List<Run> runs = new ArrayList<>();
    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long runBegin;

    Runs(Coder<Object> pieceCoder, TimestampCombiner timestamps) {
        this.pieceCoder = pieceCoder;
        this.timestamps = timestamps;
    }

    // ---------------------------------------------------------------- writing

    void begin() {
        runBegin = file.size();
    }

    /** Writes what belongs to a key and window. Within a run the order is that of the key, then of the window. */
    void write(byte[] key, byte[] window, @Nullable Instant timestamp, List<?> all) {
        int count = 0;
        try {
            for (Object piece : all) {
                pieceCoder.encode(piece, pieces);
                count++;
                if (pieces.size() >= RECORD_BYTES) {
                    writeRecord(key, window, timestamp, count);
                    count = 0;
                }
            }
            if (count > 0) {
                writeRecord(key, window, timestamp, count);
            }
        } catch (IOException e) {
            throw Bytes.cannot("encode", pieceCoder, e);
        }
    }

    private void writeRecord(byte[] key, byte[] window, @Nullable Instant timestamp, int count) throws IOException {
        writeSized(key);
        writeSized(window);
        out.write(timestamp == null ? 0 : 1);
        if (timestamp != null) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) (timestamp.getMillis() >>> shift));
            }
        }
        VarInt.encode(count, out);
        VarInt.encode(pieces.size(), out);
        pieces.writeTo(out);
        pieces.reset();
        if (out.size() >= MOST_READ_AHEAD) {
            flush();
        }
    }

    private void writeSized(byte[] bytes) throws IOException {
        VarInt.encode(bytes.length, out);
        out.write(bytes);
    }

    private void flush() {
        byte[] bytes = out.toByteArray();
        file.append(bytes, 0, bytes.length);
        out.reset();
    }

    void end() {
        flush();
        runs.add(new Run(runBegin, file.size()));
    }

    // ---------------------------------------------------------------- what was written

    /** What all runs have of a key, or of a key and one window. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Gathered(byte[] key, List<Pieces> windows) {}

    /** What all runs have of a key and window. */
    final class Pieces implements Iterable<Object> {
        @SuppressWarnings("ArrayRecordComponent") // never compared
        private record Part(long position, int length, int count, byte @Nullable [] bytes) {}

        private final byte[] window;
        private final List<Part> parts = new ArrayList<>(1);
        private @Nullable Instant timestamp;
        private long size;
        private boolean onDisk;

        private Pieces(byte[] window) {
            this.window = window;
        }

        byte[] window() {
            return window;
        }

        @Nullable
        Instant timestamp() {
            return timestamp;
        }

        /** Whether it is too much to be in memory: then each iteration reads it anew. */
        boolean isOnDisk() {
            return onDisk;
        }

        private void add(RunReader from) {
            size += from.length;
            onDisk = size > IN_MEMORY_BYTES;
            parts.add(new Part(from.piecesAt, from.length, from.count, onDisk ? null : from.pieces()));
            Instant time = from.timestamp;
            if (time != null) {
                timestamp = timestamp == null ? time : timestamps.combine(timestamp, time);
            }
        }

        @Override
        public Iterator<Object> iterator() {
            Iterator<Part> all = parts.iterator();
            return new Iterator<>() {
                private ByteArrayInputStream bytes = new ByteArrayInputStream(new byte[0]);
                private int left;

                @Override
                public boolean hasNext() {
                    return left > 0 || all.hasNext();
                }

                @Override
                public Object next() {
                    if (left == 0) {
                        Part part = all.next();
                        bytes = new ByteArrayInputStream(read(part));
                        left = part.count();
                    }
                    left--;
                    return Bytes.decode(pieceCoder, bytes);
                }
            };
        }

        private byte[] read(Part part) {
            byte[] bytes = part.bytes();
            if (bytes == null) {
                bytes = new byte[part.length()];
                file.read(part.position(), bytes, 0, bytes.length);
            }
            return bytes;
        }
    }

    /**
     * Merges the runs: what belongs together comes together, in the order of encoded keys and windows.
     *
     * @param wholeKeys whether a record has all windows of a key, or one
     */
    Iterator<Gathered> merged(boolean wholeKeys) {
        int readAhead = Math.max(LEAST_READ_AHEAD, Math.min(MOST_READ_AHEAD, ALL_READ_AHEAD / runs.size()));
        PriorityQueue<RunReader> readers = new PriorityQueue<>(
                Comparator.<RunReader, byte[]>comparing(reader -> reader.key, Arrays::compareUnsigned)
                        .thenComparing(reader -> reader.window, Arrays::compareUnsigned)
                        .thenComparingLong(reader -> reader.end));
        for (Run run : runs) {
            RunReader reader = new RunReader(run, readAhead);
            if (reader.next()) {
                readers.add(reader);
            }
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !readers.isEmpty();
            }

            @Override
            public Gathered next() {
                RunReader first = readers.peek();
                if (first == null) {
                    throw new NoSuchElementException();
                }
                byte[] key = first.key;
                List<Pieces> windows = new ArrayList<>(1);
                while (first != null && Arrays.equals(first.key, key)) {
                    Pieces last = windows.isEmpty() ? null : windows.get(windows.size() - 1);
                    if (last == null || !Arrays.equals(last.window(), first.window)) {
                        if (last != null && !wholeKeys) {
                            break;
                        }
                        last = new Pieces(first.window);
                        windows.add(last);
                    }
                    readers.remove();
                    last.add(first);
                    if (first.next()) {
                        readers.add(first);
                    }
                    first = readers.peek();
                }
                return new Gathered(key, windows);
            }
        };
    }

    /** Reads a run from its beginning to its end, a stretch at a time; stands at one record. */
    private final class RunReader {
        private final long end;
        private final byte[] stretch;
        private long stretchAt;
        private int stretchLength;
        private long position;

        private byte[] key = new byte[0];
        private byte[] window = new byte[0];
        private @Nullable Instant timestamp;
        private int count;
        private int length;
        private long piecesAt;

        RunReader(Run run, int readAhead) {
            this.position = run.begin();
            this.end = run.end();
            this.stretch = new byte[readAhead];
        }

        /** Goes to the next record. Returns false at the end of the run. */
        boolean next() {
            if (position == end) {
                return false;
            }
            byte[] before = key;
            key = sized();
            if (Arrays.equals(before, key)) {
                // Records of the same key share it: what is gathered may have many.
                key = before;
            }
            window = sized();
            timestamp = readByte() == 0 ? null : Instant.ofEpochMilli(readLong());
            count = readVarInt();
            length = readVarInt();
            piecesAt = position;
            position += length;
            return true;
        }

        /** The pieces of the current record. */
        byte[] pieces() {
            byte[] bytes = new byte[length];
            if (piecesAt >= stretchAt && piecesAt + length <= stretchAt + stretchLength) {
                System.arraycopy(stretch, (int) (piecesAt - stretchAt), bytes, 0, length);
            } else {
                file.read(piecesAt, bytes, 0, length);
            }
            return bytes;
        }

        private byte[] sized() {
            byte[] bytes = new byte[readVarInt()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = readByte();
            }
            return bytes;
        }

        private long readLong() {
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value = value << 8 | (readByte() & 0xff);
            }
            return value;
        }

        private int readVarInt() {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = readByte();
                value |= (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        private byte readByte() {
            if (position >= stretchAt + stretchLength || position < stretchAt) {
                stretchAt = position;
                stretchLength = (int) Math.min(stretch.length, end - position);
                file.read(position, stretch, 0, stretchLength);
            }
            return stretch[(int) (position++ - stretchAt)];
        }
    }
}
