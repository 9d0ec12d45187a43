package dev.tidemark.runtime;

import java.io.IOException;
import java.util.List;

/**
 * The coder of {@link Arrival}. The bytes of an initial state sort before those of an event.
 *
 * @param <I> the input of the group
 * @param <S> its state
 */
public final class ArrivalCoder<I, S> extends RecordCoder<Arrival<I, S>> {
    private static final long serialVersionUID = 1L;

    private final Wire<I> event;
    private final Wire<S> initial;

    private ArrivalCoder(Wire<I> event, Wire<S> initial) {
        super("~arrival(" + initial.id() + "," + event.id() + ")", event.deterministic() && initial.deterministic());
        this.event = event;
        this.initial = initial;
    }

    /** For events and states of these encodings. */
    public static <I, S> ArrivalCoder<I, S> of(Wire<I> event, Wire<S> initial) {
        return new ArrivalCoder<>(event, initial);
    }

    @Override
    protected List<StoredField> fields() {
        return List.of(new StoredField(1, "initial", initial), new StoredField(2, "event", event));
    }

    @Override
    protected void writeFields(Arrival<I, S> value, WireWriter out) throws IOException {
        out.value(1, value.initial(), initial);
        out.value(2, value.event(), event);
    }

    @Override
    protected Arrival<I, S> readFields(WireReader in) throws IOException {
        S readInitial = null;
        I readEvent = null;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> readInitial = in.value(initial);
                case 2 -> readEvent = in.value(event);
                default -> in.skip();
            }
        }
        return new Arrival<>(readInitial, readEvent);
    }
}
