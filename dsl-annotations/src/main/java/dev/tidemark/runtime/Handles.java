package dev.tidemark.runtime;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What all handles have in common: they serve one handler call. */
final class Handles {
    private Handles() {}

    static <S> S opened(@Nullable S state) {
        if (state == null) {
            throw new IllegalStateException("a handle of the state can be used only until its handler returns");
        }
        return state;
    }

    /** The encoding of a value by which handles order what they list: without its length, which would sort short ones first. */
    static <T> byte[] content(Wire<T> wire, T value) {
        byte[] bytes = wire.bytes(value);
        if (wire.wireType() != WireWriter.LENGTH) {
            return bytes;
        }
        int start = 0;
        while (bytes[start] < 0) {
            start++;
        }
        return Arrays.copyOfRange(bytes, start + 1, bytes.length);
    }
}
