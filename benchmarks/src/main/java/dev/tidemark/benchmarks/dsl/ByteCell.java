package dev.tidemark.benchmarks.dsl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;

/** A cell that keeps bytes, as runners do that spill or check point. Not thread-safe. */
final class ByteCell<T> implements ValueState<T> {
    private final Coder<T> coder;
    private byte @Nullable [] bytes;

    ByteCell(Coder<T> coder) {
        this.coder = coder;
    }

    @Override
    public void write(T value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            coder.encode(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes = out.toByteArray();
    }

    @Override
    public @Nullable T read() {
        byte[] now = bytes;
        if (now == null) {
            return null;
        }
        try {
            return coder.decode(new ByteArrayInputStream(now));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ValueState<T> readLater() {
        return this;
    }

    @Override
    public void clear() {
        bytes = null;
    }
}
