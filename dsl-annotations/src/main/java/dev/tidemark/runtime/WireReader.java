package dev.tidemark.runtime;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.VarInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link WireWriter} wrote. Trusts nothing: every length is checked against the bytes that are there, and what
 * does not fit is a {@link CoderException} that names the type and the field. Not thread-safe.
 */
public final class WireReader {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Longer records are read piece by piece: a length that is broken must not take the memory that it claims. */
    private static final int AT_ONCE = 1 << 16;

    private final String what;
    private final byte[] bytes;
    private int position;
    private int limit;
    private int field;
    private int wireType = -1;

    WireReader(String what, byte[] bytes) {
        this(what, bytes, 0, bytes.length);
    }

    WireReader(String what, byte[] bytes, int from, int length) {
        this.what = what;
        this.bytes = bytes;
        this.position = from;
        this.limit = from + length;
    }

    /** Reads a value that carries its length from a stream; at the end of the stream, an {@link EOFException}. */
    static WireReader delimited(String what, InputStream in) throws IOException {
        long length;
        try {
            length = VarInt.decodeLong(in);
        } catch (EOFException end) {
            throw end;
        } catch (IOException | RuntimeException e) {
            throw new CoderException(what + ": unreadable length", e);
        }
        if (length < 0 || length > Integer.MAX_VALUE - 16) {
            throw new CoderException(what + ": impossible length " + length);
        }
        byte[] bytes;
        int count;
        if (length <= AT_ONCE) {
            // With room behind it, so that its last numbers are read as quickly as the others.
            bytes = new byte[(int) length + Long.BYTES];
            count = in.readNBytes(bytes, 0, (int) length);
        } else {
            bytes = in.readNBytes((int) length);
            count = bytes.length;
        }
        if (count < length) {
            throw new CoderException(what + ": ends after " + count + " bytes of " + length);
        }
        return new WireReader(what, bytes, 0, count);
    }

    /** Goes to the next field; false at the end of the record. */
    public boolean next() throws IOException {
        if (position >= limit) {
            return false;
        }
        // Nearly all tags are one byte: what is longer is not part of the code that the compiler makes of a record.
        byte only = bytes[position];
        if (only >= 8) {
            position++;
            field = only >>> 3;
            wireType = only & 7;
            return true;
        }
        wireType = -1;
        long tag = varint();
        long number = tag >>> 3;
        if (number < 1 || number > 0xFFFF) {
            throw corrupt("impossible field number " + number);
        }
        field = (int) number;
        wireType = (int) (tag & 7);
        return true;
    }

    /** The number of the field at hand. */
    public int field() {
        return field;
    }

    /** Passes over a field that this version does not know. */
    public void skip() throws IOException {
        switch (wireType) {
            case WireWriter.VARINT -> varint();
            case WireWriter.FIXED64 -> advance(8);
            case WireWriter.FIXED32 -> advance(4);
            case WireWriter.LENGTH -> advance(length());
            case WireWriter.NULL -> {}
            default -> throw corrupt("unknown wire type " + wireType);
        }
    }

    /** The field as long. */
    public long int64() throws IOException {
        expect(WireWriter.VARINT);
        return zigzag();
    }

    /** The field as int. */
    public int int32() throws IOException {
        return (int) ranged(Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
    }

    /** The field as short. */
    public short int16() throws IOException {
        return (short) ranged(Short.MIN_VALUE, Short.MAX_VALUE, "short");
    }

    /** The field as byte. */
    public byte int8() throws IOException {
        return (byte) ranged(Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
    }

    /** The field as char. */
    public char char16() throws IOException {
        return (char) ranged(Character.MIN_VALUE, Character.MAX_VALUE, "char");
    }

    /** The field as boolean. */
    public boolean bool() throws IOException {
        return ranged(0, 1, "boolean") == 1;
    }

    /** The field as double; what was a float is widened. */
    public double float64() throws IOException {
        if (wireType == WireWriter.FIXED32) {
            return Float.intBitsToFloat(fixed32());
        }
        expect(WireWriter.FIXED64);
        return Double.longBitsToDouble(fixed64());
    }

    /** The field as float. */
    public float float32() throws IOException {
        expect(WireWriter.FIXED32);
        return Float.intBitsToFloat(fixed32());
    }

    /** The field as any other type, null only if it was written as null. */
    public <T> @Nullable T nullable(Wire<T> wire) throws IOException {
        return wireType == WireWriter.NULL ? null : value(wire);
    }

    /** The field as any other type. */
    @SuppressWarnings("unchecked") // this wire reads nothing else
    public <T> T value(Wire<T> wire) throws IOException {
        // Nearly all that is neither a number nor a record is text: it need not be looked up who reads it.
        if (wire == Wires.STRING) {
            expect(WireWriter.LENGTH);
            return (T) string();
        }
        if (wireType != wire.wireType() && !(wireType == WireWriter.FIXED32 && wire == Wires.DOUBLE)) {
            expect(wire.wireType());
        }
        return wire.read(this);
    }

    /** The field as a record: a call site of its own, so that what is read in it is known when it is compiled. */
    <T> T record(RecordCoder<T> coder) throws IOException {
        expect(WireWriter.LENGTH);
        return coder.read(this);
    }

    /** The field as a record that is to be read later. */
    <T> Unread<T> unread(RecordCoder<T> coder) throws IOException {
        expect(WireWriter.LENGTH);
        int length = length();
        return new Unread<>(coder, field, bytes, advance(length), length);
    }

    int wireType() {
        return wireType;
    }

    /** Within a container there is no tag, so the wire type is that of the element. */
    void untagged(int elementWireType) {
        wireType = elementWireType;
    }

    long ranged(long min, long max, String type) throws IOException {
        expect(WireWriter.VARINT);
        long value = zigzag();
        if (value < min || value > max) {
            throw corrupt(value + " is not a " + type);
        }
        return value;
    }

    long zigzag() throws IOException {
        long raw = varint();
        return (raw >>> 1) ^ -(raw & 1);
    }

    long varint() throws IOException {
        if (bytes.length - position >= Long.BYTES) {
            long word = (long) WORDS.get(bytes, position);
            // The first byte whose highest bit is not set is the last one of the number.
            long end = ~word & 0x8080808080808080L;
            int length = (Long.numberOfTrailingZeros(end) + 1) >>> 3;
            if (end != 0 && length <= limit - position) {
                position += length;
                return sevenBitsOfEach(word & (end ^ (end - 1)));
            }
        }
        return varintByBytes();
    }

    /** What the lower seven bits of eight bytes make, put together in pairs, then pairs of these, then both halves. */
    private static long sevenBitsOfEach(long word) {
        long pairs = (word & 0x007F_007F_007F_007FL) | ((word & 0x7F00_7F00_7F00_7F00L) >>> 1);
        long fours = (pairs & 0x0000_3FFF_0000_3FFFL) | ((pairs & 0x3FFF_0000_3FFF_0000L) >>> 2);
        return (fours & 0x0000_0000_0FFF_FFFFL) | ((fours & 0x0FFF_FFFF_0000_0000L) >>> 4);
    }

    /** A number of more than eight bytes, or so near the end that eight bytes would be too many, or one that is broken. */
    private long varintByBytes() throws IOException {
        long result = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position >= limit) {
                throw corrupt("ends within a number");
            }
            byte next = bytes[position++];
            result |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return result;
            }
        }
        throw corrupt("a number of more than ten bytes");
    }

    long fixed64() throws IOException {
        int from = advance(8);
        long result = 0;
        for (int i = 7; i >= 0; i--) {
            result = (result << 8) | (bytes[from + i] & 0xFF);
        }
        return result;
    }

    int fixed32() throws IOException {
        int from = advance(4);
        int result = 0;
        for (int i = 3; i >= 0; i--) {
            result = (result << 8) | (bytes[from + i] & 0xFF);
        }
        return result;
    }

    String string() throws IOException {
        int length = length();
        int from = advance(length);
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    byte[] byteArray() throws IOException {
        int length = length();
        int from = advance(length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /** Enters a value that carries its length; to be left with what this returns. */
    int enter() throws IOException {
        int length = length();
        int outer = limit;
        limit = position + length;
        return outer;
    }

    /** Leaves a value that carries its length, passing over what was not read. */
    void leave(int outer) {
        position = limit;
        limit = outer;
    }

    boolean atEnd() {
        return position >= limit;
    }

    /** What is wrong with the bytes at hand, with the type and the field. */
    public CoderException corrupt(String problem) {
        return new CoderException(what + (field > 0 ? ", field " + field : "") + ": " + problem);
    }

    private int length() throws IOException {
        // As with tags: nearly all lengths are one byte.
        if (position < limit && bytes[position] >= 0) {
            int length = bytes[position];
            if (length < limit - position) {
                position++;
                return length;
            }
        }
        long length = varint();
        if (length < 0 || length > limit - position) {
            throw corrupt("a value of " + length + " bytes where " + (limit - position) + " are left");
        }
        return (int) length;
    }

    private int advance(int count) throws IOException {
        if (count > limit - position) {
            throw corrupt("a value of " + count + " bytes where " + (limit - position) + " are left");
        }
        int from = position;
        position += count;
        return from;
    }

    private void expect(int expected) throws IOException {
        if (wireType != expected) {
            throw corrupt("wire type " + wireType + " where " + expected + " was expected");
        }
    }
}
