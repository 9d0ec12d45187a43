package dev.tidemark.runtime;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the values of one type are written. Immutable and thread-safe.
 *
 * @param <T> the type
 */
public interface Wire<T> extends Serializable {

    /** What names the encoding, whatever the class that does it is called: two wires of one id are the same. */
    String id();

    /**
     * What names all encodings that a field may change between while its cell stays the same: whole numbers of every size are
     * written alike, so a number that is widened finds what was stored.
     */
    default String family() {
        return id();
    }

    /** The wire type that the tag of a field of this type carries. */
    int wireType();

    /** Whether equal values have equal bytes, and unequal ones do not. */
    boolean deterministic();

    /**
     * Says what the encoding is made of, for tools that show what is stored without the classes that stored it: for each record in it,
     * under its id, the numbers, names and encodings of its fields.
     */
    default void describe(Map<String, String> layouts) {}

    /** Writes a value without a tag. */
    void write(T value, WireWriter out) throws IOException;

    /** Reads a value without a tag. */
    T read(WireReader in) throws IOException;

    /** A copy that shares nothing mutable with the value. */
    default @Nullable T copy(@Nullable T value) {
        if (value == null) {
            return null;
        }
        try {
            WireReader in = new WireReader(id(), bytes(value));
            in.untagged(wireType());
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether two values, each possibly null, have the same encoding. */
    default boolean same(@Nullable T left, @Nullable T right) {
        if (left == null || right == null) {
            return left == right;
        }
        return Arrays.equals(bytes(left), bytes(right));
    }

    /** The encoding of one value. */
    default byte[] bytes(T value) {
        WireWriter out = new WireWriter();
        try {
            write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toBytes();
    }
}
