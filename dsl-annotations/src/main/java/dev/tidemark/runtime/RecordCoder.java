package dev.tidemark.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.display.HasDisplayData;
import org.jspecify.annotations.Nullable;

/**
 * The generated coder of a record, a state class or a sealed interface: its length, then its fields by number. A field
 * that this version does not know is passed over, one that is missing has its default. Coders of one id are equal.
 *
 * @param <T> the type
 */
public abstract class RecordCoder<T> extends CustomCoder<T> implements Wire<T>, HasDisplayData {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final boolean deterministic;

    /** Made by the generated subclass: {@code id} derives from the name of the group, never from that of a class. */
    protected RecordCoder(String id, boolean deterministic) {
        this.id = id;
        this.deterministic = deterministic;
    }

    /**
     * A field as it is stored.
     *
     * @param number by which it is found
     * @param name by which the user knows it; of a sealed interface, the alternative
     * @param wire how its value is written
     */
    public record StoredField(int number, String name, Wire<?> wire) {}

    /** The fields, for tools that show what is stored; none where nobody needs them. */
    protected List<StoredField> fields() {
        return List.of();
    }

    @Override
    public final void describe(Map<String, String> layouts) {
        List<StoredField> fields = fields();
        if (!fields.isEmpty() && !layouts.containsKey(id)) {
            layouts.put(id, StoredForms.layout(fields));
            fields.forEach(field -> field.wire().describe(layouts));
        }
    }

    /** The layouts of the records that it writes, by their ids. */
    @Override
    public final void populateDisplayData(DisplayData.Builder builder) {
        StoredForms.display(this, builder);
    }

    /** Writes the fields. */
    protected abstract void writeFields(T value, WireWriter out) throws IOException;

    /** Reads fields until there are no more. */
    protected abstract T readFields(WireReader in) throws IOException;

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final int wireType() {
        return WireWriter.LENGTH;
    }

    @Override
    public final boolean deterministic() {
        return deterministic;
    }

    @Override
    public final void write(T value, WireWriter out) throws IOException {
        int start = out.begin();
        writeFields(value, out);
        out.end(start);
    }

    @Override
    public final T read(WireReader in) throws IOException {
        int outer = in.enter();
        T value;
        try {
            value = readFields(in);
        } catch (RuntimeException refused) {
            throw refused(refused);
        }
        in.leave(outer);
        return value;
    }

    // These two repeat what write and read do, which are for records within records: where an element calls both,
    // each call site has one callee when it is compiled.

    @Override
    public final void encode(@Nullable T value, OutputStream out) throws IOException {
        WireWriter writer = new WireWriter();
        int start = writer.begin();
        writeFields(WireWriter.required(value, id), writer);
        writer.end(start);
        writer.writeTo(out);
    }

    @Override
    public final T decode(InputStream in) throws IOException {
        return made(WireReader.delimited(id, in));
    }

    /** Reads one without its length. */
    final T decode(byte[] bytes, int from, int length) throws IOException {
        return made(new WireReader(id, bytes, from, length));
    }

    private T made(WireReader in) throws IOException {
        try {
            return readFields(in);
        } catch (RuntimeException refused) {
            throw refused(refused);
        }
    }

    /** A constructor of a user may refuse what was stored before it did, or by another program. */
    private CoderException refused(RuntimeException refused) {
        return new CoderException(id + ": refused by its constructor: " + refused, refused);
    }

    @Override
    public final void verifyDeterministic() throws NonDeterministicException {
        if (!deterministic) {
            throw new NonDeterministicException(this, id + " holds floating point numbers");
        }
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof RecordCoder<?> that && id.equals(that.id);
    }

    @Override
    public final int hashCode() {
        return id.hashCode();
    }

    @Override
    public final String toString() {
        return "RecordCoder(" + id + ")";
    }
}
