package dev.tidemark.benchmarks.dsl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.openjdk.jmh.annotations.CompilerControl;

/** A bag that keeps bytes, as {@link ByteCell} does. Not thread-safe. */
final class ByteBag<T> extends PlainBag<T> {
    private final Coder<T> coder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    private final List<byte[]> elements = new ArrayList<>();

    ByteBag(Coder<T> coder) {
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
    public void clear() {
        elements.clear();
    }
}
