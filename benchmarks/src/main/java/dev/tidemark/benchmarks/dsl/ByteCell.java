package dev.tidemark.benchmarks.dsl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.ValueState;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.CompilerControl;

/**
 * A cell that keeps bytes, as runners do that spill or check point. It is never compiled into the DoFn, which in a runner is
 * far from the coder: else what is decoded would cost nothing where the DoFn is small. Not thread-safe.
 */
final class ByteCell<T> implements ValueState<T> {
    private final Coder<T> coder;
    /** Written into again and again, as runners do: how far a fresh one must grow is no cost of a DoFn. */
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    private byte @Nullable [] bytes;

    ByteCell(Coder<T> coder) {
        this.coder = coder;
    }

    @Override
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    public void write(T value) {
        out.reset();
        try {
            coder.encode(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes = out.toByteArray();
    }

    @Override
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
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
