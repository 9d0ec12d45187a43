package dev.tidemark.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The plain fields of a group as they were stored: an event that waits for the watermark changes the bookkeeping beside them,
 * and neither reads nor writes them. They are read when a handler needs them, once. Immutable, but for that.
 *
 * @param <S> the type of the state
 */
final class Unread<S> {
    private final RecordCoder<S> coder;
    private final int number;
    private final byte[] bytes;
    private final int from;
    private final int length;
    private @Nullable S fields;

    /** The {@code bytes}, of which nobody changes any, hold what was stored as the field of this {@code number}. */
    Unread(RecordCoder<S> coder, int number, byte[] bytes, int from, int length) {
        this.coder = coder;
        this.number = number;
        this.bytes = bytes;
        this.from = from;
        this.length = length;
    }

    S fields() {
        S read = fields;
        if (read == null) {
            try {
                read = coder.decode(bytes, from, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
            fields = read;
        }
        return read;
    }

    /** Whether the bytes are what this coder writes under this number, not those of another version. */
    boolean isOf(RecordCoder<?> wanted, int wantedNumber) {
        return number == wantedNumber && coder.equals(wanted);
    }

    void writeTo(WireWriter out) {
        out.record(number, bytes, from, length);
    }
}
