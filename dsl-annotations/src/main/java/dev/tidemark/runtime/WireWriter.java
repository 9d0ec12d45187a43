package dev.tidemark.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.beam.sdk.coders.CoderException;
import org.jspecify.annotations.Nullable;

/**
 * Writes fields as protobuf does: a tag of field number and wire type, then the value. Integers are zigzag varints, so
 * that an int may become a long; strings, records and containers carry their length. Not thread-safe; one per encoding.
 */
public final class WireWriter {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int NULL = 3;
    static final int FIXED32 = 5;

    private byte[] bytes = new byte[64];
    private int size;

    /** Field of any integer type. */
    public void int64(int field, long value) throws IOException {
        tag(field, VARINT);
        zigzag(value);
    }

    /** Field of type boolean. */
    public void bool(int field, boolean value) throws IOException {
        tag(field, VARINT);
        varint(value ? 2 : 0);
    }

    /** Field of type double. */
    public void float64(int field, double value) throws IOException {
        tag(field, FIXED64);
        fixed64(Double.doubleToRawLongBits(value));
    }

    /** Field of type float. */
    public void float32(int field, float value) throws IOException {
        tag(field, FIXED32);
        fixed32(Float.floatToRawIntBits(value));
    }

    /** Field of any other type; null is not written, and reads as null. */
    public <T> void value(int field, @Nullable T value, Wire<T> wire) throws IOException {
        if (value != null) {
            tag(field, wire.wireType());
            if (wire == Wires.STRING) {
                string((String) value);
            } else {
                wire.write(value, this);
            }
        }
    }

    /** Field of a record; null is not written, and reads as null. */
    <T> void record(int field, @Nullable T value, RecordCoder<T> coder) throws IOException {
        if (value != null) {
            tag(field, LENGTH);
            coder.write(value, this);
        }
    }

    /** Field of a record that is written already, but for its length. */
    void record(int field, byte[] encoded, int from, int length) {
        tag(field, LENGTH);
        varint(length);
        raw(encoded, from, length);
    }

    /** Field of any other type where a missing field does not read as null: null is written as such. */
    public <T> void nullable(int field, @Nullable T value, Wire<T> wire) throws IOException {
        if (value == null) {
            tag(field, NULL);
        } else {
            value(field, value, wire);
        }
    }

    /** Field of an optional type; one that is empty, or null, is not written. */
    @SuppressWarnings("NullableOptional") // a record of a user may hold null where it promises an Optional
    public <T> void optional(int field, @Nullable Optional<T> value, Wire<T> wire) throws IOException {
        if (value != null && value.isPresent()) {
            value(field, value.get(), wire);
        }
    }

    /** A tag, for the alternatives of a sealed interface. */
    void tag(int field, int wireType) {
        int tag = (field << 3) | wireType;
        if (tag < 0x80) {
            room(1);
            bytes[size++] = (byte) tag;
        } else {
            varint(tag);
        }
    }

    void zigzag(long value) {
        varint((value << 1) ^ (value >> 63));
    }

    void varint(long value) {
        long rest = value;
        room(10);
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void fixed64(long value) {
        room(8);
        for (int shift = 0; shift < 64; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void fixed32(int value) {
        room(4);
        for (int shift = 0; shift < 32; shift += 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    void string(String value) {
        delimited(value.getBytes(StandardCharsets.UTF_8));
    }

    void delimited(byte[] value) {
        varint(value.length);
        raw(value, 0, value.length);
    }

    void raw(byte[] value, int from, int length) {
        room(length);
        System.arraycopy(value, from, bytes, size, length);
        size += length;
    }

    /** Begins a value that carries its length; to be ended with what this returns. */
    int begin() {
        room(1);
        return size++;
    }

    /** Ends a value that carries its length. One byte is reserved for it; a longer length moves the value. */
    void end(int start) {
        int length = size - start - 1;
        if (length < 0x80) {
            bytes[start] = (byte) length;
            return;
        }
        int lengthBytes = (38 - Integer.numberOfLeadingZeros(length)) / 7;
        room(lengthBytes - 1);
        System.arraycopy(bytes, start + 1, bytes, start + lengthBytes, length);
        size = start;
        varint(length);
        size = start + lengthBytes + length;
    }

    int size() {
        return size;
    }

    byte[] copyOfRange(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    void truncate(int newSize) {
        size = newSize;
    }

    /** All bytes written. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }

    static <T> T required(@Nullable T value, String what) throws CoderException {
        if (value == null) {
            throw new CoderException("cannot encode null " + what);
        }
        return value;
    }
}
