package dev.tidemark.runner.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/** From objects to bytes by their coders, and back; one array grows and is used again. Owned by one task. */
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway") // a coder takes null where its type has it
    <T> byte[] encode(Coder<T> coder, @Nullable T value) {
        out.reset();
        try {
            coder.encode(value, out);
        } catch (IOException e) {
            throw cannot("encode", coder, e);
        }
        return out.toByteArray();
    }

    static <T> T decode(Coder<T> coder, byte[] bytes) {
        return decode(coder, new ByteArrayInputStream(bytes));
    }

    static <T> T decode(Coder<T> coder, InputStream in) {
        try {
            return coder.decode(in);
        } catch (IOException e) {
            throw cannot("decode", coder, e);
        }
    }

    /** The first key behind all that begin with {@code prefix}; null where nothing is behind them. */
    static byte @Nullable [] afterAllWith(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == -1) {
            last--;
        }
        if (last < 0) {
            return null;
        }
        byte[] after = Arrays.copyOf(prefix, last + 1);
        after[last]++;
        return after;
    }

    static IllegalStateException cannot(String what, Coder<?> coder, IOException e) {
        return new IllegalStateException(
                "TM-ELEMENT-002: " + coder + " cannot " + what + " what is to be grouped, and may have to go to disk: "
                        + e.getMessage(),
                e);
    }
}
