package dev.tidemark.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The lines of a range of bytes of a file, each bounded in length. A line is UTF-8 and ends with a line feed; a carriage
 * return before it is not part of it. Used by one thread at a time.
 */
final class LineReader implements AutoCloseable {
    /** In bytes. No reading is longer, by far; what is longer is skipped without keeping it in memory. */
    static final int LONGEST_LINE = 64 * 1024;

    private final Path file;
    private final SeekableByteChannel channel;
    private final long to;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).flip();
    private byte[] line = new byte[256];
    private int length;
    private boolean tooLong;
    private long begin;
    private long next;

    LineReader(Path file, long from, long to) throws IOException {
        this.file = file;
        this.channel = Files.newByteChannel(file);
        this.to = to;
        this.next = from;
        channel.position(from);
    }

    /** Goes to the next line; false at the end. */
    boolean advance() throws IOException {
        length = 0;
        tooLong = false;
        begin = next;
        while (next < to && fill()) {
            byte b = buffer.get();
            next++;
            if (b == '\n') {
                return true;
            }
            append(b);
        }
        return next > begin;
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        int read = channel.read(buffer);
        buffer.flip();
        if (read < 0) {
            throw new IOException(file + " ends at byte " + next + ", and had " + to
                    + " when reading began: leave a file alone while it is being read");
        }
        return read > 0;
    }

    private void append(byte b) {
        if (length == LONGEST_LINE) {
            tooLong = true;
            return;
        }
        if (length == line.length) {
            line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = b;
    }

    boolean tooLong() {
        return tooLong;
    }

    /** The line without its end, and without the byte order mark that some editors put before the first. */
    String text() throws CharacterCodingException {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line, 0, end))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The first byte of the line. */
    long begin() {
        return begin;
    }

    /** The byte after the line and its end. */
    long next() {
        return next;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
