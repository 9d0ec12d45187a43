package dev.tidemark.runtime;

import dev.tidemark.Failed;
import java.io.IOException;
import java.time.Instant;

/**
 * The coder of {@link Failed}.
 *
 * @param <I> the input of the group
 */
public final class FailedCoder<I> extends RecordCoder<Failed<I>> {
    private static final long serialVersionUID = 1L;
    private static final Wire<Failed.Reason> REASON = Wires.enumOf("~failed.reason", Failed.Reason.class);

    private final Wire<I> input;

    private FailedCoder(Wire<I> input) {
        super("~failed(" + input.id() + ")", input.deterministic());
        this.input = input;
    }

    /** For inputs of this encoding. */
    public static <I> FailedCoder<I> of(Wire<I> input) {
        return new FailedCoder<>(input);
    }

    @Override
    protected void writeFields(Failed<I> value, WireWriter out) throws IOException {
        out.value(1, value.reason(), REASON);
        out.value(2, value.key(), Wires.STRING);
        out.value(3, value.input(), input);
        out.value(4, value.time(), Wires.INSTANT);
        out.value(5, value.message(), Wires.STRING);
        out.value(6, value.stackTrace(), Wires.STRING);
    }

    @Override
    protected Failed<I> readFields(WireReader in) throws IOException {
        Failed.Reason reason = Failed.Reason.HANDLER;
        String key = null;
        I read = null;
        Instant time = Instant.EPOCH;
        String message = "";
        String stackTrace = "";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> reason = in.value(REASON);
                case 2 -> key = in.value(Wires.STRING);
                case 3 -> read = in.value(input);
                case 4 -> time = in.value(Wires.INSTANT);
                case 5 -> message = in.value(Wires.STRING);
                case 6 -> stackTrace = in.value(Wires.STRING);
                default -> in.skip();
            }
        }
        return new Failed<>(reason, key, read, time, message, stackTrace);
    }
}
