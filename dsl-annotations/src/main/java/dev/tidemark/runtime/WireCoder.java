package dev.tidemark.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.jspecify.annotations.Nullable;

/**
 * A Beam coder of a type that is not a record: length and value. Coders of one {@linkplain Wire#family family} are equal.
 *
 * @param <T> the type
 */
public final class WireCoder<T> extends CustomCoder<T> implements HasDisplayData {
    private static final long serialVersionUID = 1L;

    private final Wire<T> wire;

    private WireCoder(Wire<T> wire) {
        this.wire = wire;
    }

    /** A coder of this encoding. */
    public static <T> WireCoder<T> of(Wire<T> wire) {
        return new WireCoder<>(wire);
    }

    @Override
    public void encode(@Nullable T value, OutputStream out) throws IOException {
        WireWriter writer = new WireWriter();
        int start = writer.begin();
        wire.write(WireWriter.required(value, wire.id()), writer);
        writer.end(start);
        writer.writeTo(out);
    }

    @Override
    public T decode(InputStream in) throws IOException {
        WireReader reader = WireReader.delimited(wire.id(), in);
        reader.untagged(wire.wireType());
        T value = wire.read(reader);
        if (!reader.atEnd()) {
            throw new CoderException(wire.id() + ": bytes are left after the value");
        }
        return value;
    }

    @Override
    public void verifyDeterministic() throws NonDeterministicException {
        if (!wire.deterministic()) {
            throw new NonDeterministicException(this, wire.id() + " holds floating point numbers");
        }
    }

    /** The layouts of the records that it writes, by their ids. */
    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
        StoredForms.display(wire, builder);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WireCoder<?> that && wire.family().equals(that.wire.family());
    }

    @Override
    public int hashCode() {
        return wire.family().hashCode();
    }

    @Override
    public String toString() {
        return "WireCoder(" + wire.family() + ")";
    }
}
