package dev.tidemark.benchmarks.dsl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.state.BagState;
import org.apache.beam.sdk.state.ReadableState;
import org.openjdk.jmh.annotations.CompilerControl;

/** A bag that keeps bytes, as {@link ByteCell} does. Not thread-safe. */
final class BytesBag<T> implements BagState<T> {
    private final Coder<T> coder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final List<byte[]> elements = new ArrayList<>();

    BytesBag(Coder<T> coder) {
        this.coder = coder;
    }

    @Override
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    public void add(T value) {
        out.reset();
        try {
            coder.encode(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        elements.add(out.toByteArray());
    }

    @Override
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    public Iterable<T> read() {
        List<T> read = new ArrayList<>(elements.size());
        for (byte[] each : elements) {
            try {
                read.add(coder.decode(new ByteArrayInputStream(each)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return read;
    }

    @Override
    public ReadableState<Boolean> isEmpty() {
        throw new UnsupportedOperationException("not used");
    }

    @Override
    public BagState<T> readLater() {
        return this;
    }

    @Override
    public void clear() {
        elements.clear();
    }
}
