package dev.tidemark.runner.state;

import java.io.IOException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;

/**
 * Where a cell writes what has changed in it: rows of its own, each under a name that the cell gives it. Owned by one task, for as long
 * as the cell is being saved.
 */
public interface CellRows {
    /** Writes a row. */
    void put(byte[] name, byte[] value);

    /** Removes a row. */
    void delete(byte[] name);

    /** Says whether there are any rows, where a cell has many: {@link StoredRows#isAny} knows it from here. */
    void areAny(boolean any);

    /** A row that was written before. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares rows
    record Row(byte[] name, byte[] value) {}

    /** The only row of a cell that has no more than one. */
    byte[] ONLY = new byte[0];

    /** Encodes what a cell holds. */
    static <T> byte[] encode(Coder<T> coder, @Nullable T value) {
        try {
            return CoderUtils.encodeToByteArray(coder, value);
        } catch (CoderException e) {
            throw cannotEncode(coder, e);
        }
    }

    /** Decodes what a cell held. */
    static <T> T decode(Coder<T> coder, byte[] bytes) {
        try {
            return CoderUtils.decodeFromByteArray(coder, bytes);
        } catch (CoderException e) {
            throw cannotDecode(coder, e);
        }
    }

    /** What to throw where a coder cannot encode a state. */
    static IllegalArgumentException cannotEncode(Coder<?> coder, IOException why) {
        return new IllegalArgumentException(
                "TM-STATE-003: what a state holds cannot be encoded with " + coder + ": " + why.getMessage()
                        + ". Give the state a coder that can: without one it cannot be kept in a checkpoint.",
                why);
    }

    /** What to throw where a coder cannot decode what it is said to have encoded. */
    static IllegalStateException cannotDecode(Coder<?> coder, IOException why) {
        return new IllegalStateException(
                "TM-STATE-004: what a state held cannot be decoded with " + coder + ": " + why.getMessage()
                        + ". Start with the coder that the checkpoint was written with.",
                why);
    }
}
