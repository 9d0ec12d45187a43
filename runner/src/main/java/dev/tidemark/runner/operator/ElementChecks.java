package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.IllegalMutationException;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.values.WindowedValue;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a step emits, where the options ask for it: that its coder can encode it and read it again, that those who take it
 * do not change it, and that the step itself does not change it until its bundle is over. What goes on is what the coder has read,
 * as it would be on a cluster: a coder that loses something is found here, too.
 */
final class ElementChecks implements Receiver {
    private final String step;
    private final Coder<Object> coder;
    private final Receiver receiver;
    private final List<Emitted> emitted = new ArrayList<>();

    /** A value, and how it was when it was emitted. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Emitted(@Nullable Object value, byte[] encoded) {}

    @SuppressWarnings("unchecked") // the coder of the very wire that the step fills
    ElementChecks(String step, Coder<?> coder, Receiver receiver) {
        this.step = step;
        // Other runners send coders to other machines.
        this.coder = (Coder<Object>) SerializableUtils.clone(coder);
        this.receiver = receiver;
    }

    @Override
    public void accept(WindowedValue<?> element) {
        Object value = element.getValue();
        byte[] encoded;
        Object copy;
        try {
            encoded = encode(value);
            copy = decode(encoded);
        } catch (CoderException e) {
            throw UserCodeException.wrap(e);
        }
        emitted.add(new Emitted(value, encoded));
        receiver.accept(withValue(element, copy));
        verify(
                new Emitted(copy, encoded),
                "a transform that takes what " + step + " emits has changed a value: inputs must not be changed");
    }

    /** The step's bundle is over: what it emitted must still be what it was. */
    void finishBundle() {
        for (Emitted each : emitted) {
            verify(each, step + " has changed a value after it was output: outputs must not be changed");
        }
        emitted.clear();
    }

    private void verify(Emitted then, String what) {
        try {
            byte[] now = encode(then.value());
            if (Arrays.equals(now, then.encoded())) {
                return;
            }
            // The same value may have several encodings: those of a set, for example.
            Object before = decode(then.encoded());
            Object after = decode(now);
            if (Objects.equals(coder.structuralValue(before), coder.structuralValue(after))) {
                return;
            }
            throw UserCodeException.wrap(new IllegalMutationException(
                    "TM-ELEMENT-001: " + what + ". It was " + before + ", and is now " + after + ".", before, after));
        } catch (CoderException e) {
            throw UserCodeException.wrap(e);
        }
    }

    @SuppressWarnings("NullAway") // a coder takes null where its type has it
    private byte[] encode(@Nullable Object value) throws CoderException {
        return CoderUtils.encodeToByteArray(coder, value);
    }

    @SuppressWarnings("NullAway") // a coder gives null where its type has it
    private Object decode(byte[] encoded) throws CoderException {
        return CoderUtils.decodeFromByteArray(coder, encoded);
    }

    @SuppressWarnings("NullAway") // an element may be null
    private static WindowedValue<?> withValue(WindowedValue<?> element, @Nullable Object value) {
        return element.withValue(value);
    }
}
