package dev.tidemark.runner.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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

    static IllegalStateException cannot(String what, Coder<?> coder, IOException e) {
        return new IllegalStateException(
                "TM-ELEMENT-002: " + coder + " cannot " + what + " what is to be grouped, and may have to go to disk: "
                        + e.getMessage(),
                e);
    }
}
