package dev.tidemark.runtime;

import java.io.IOException;

/**
 * The coder of {@link Held}.
 *
 * @param <T> the type of the field
 */
public final class HeldCoder<T> extends RecordCoder<Held<T>> {
    private static final long serialVersionUID = 1L;

    private final Wire<T> wire;

    private HeldCoder(Wire<T> wire) {
        super("~held(" + wire.family() + ")", wire.deterministic());
        this.wire = wire;
    }

    /** For a field of this encoding. */
    public static <T> HeldCoder<T> of(Wire<T> wire) {
        return new HeldCoder<>(wire);
    }

    @Override
    protected void writeFields(Held<T> held, WireWriter out) throws IOException {
        out.nullable(1, held.value(), wire);
    }

    @Override
    protected Held<T> readFields(WireReader in) throws IOException {
        T value = null;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> value = in.nullable(wire);
                default -> in.skip();
            }
        }
        return new Held<>(value);
    }
}
