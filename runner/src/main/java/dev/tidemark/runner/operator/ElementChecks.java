package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.IllegalMutationException;
import org.apache.beam.sdk.util.MutationDetector;
import org.apache.beam.sdk.util.MutationDetectors;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.util.UserCodeException;
import org.apache.beam.sdk.values.WindowedValue;

/**
 * Checks what a step emits, where the options ask for it: that its coder can encode it and read it again, that those who take it
 * do not change it, and that the step itself does not change it until its bundle is over.
 */
final class ElementChecks implements Receiver {
    private final String step;
    private final Coder<Object> coder;
    private final Receiver receiver;
    private final List<MutationDetector> emitted = new ArrayList<>();

    @SuppressWarnings("unchecked") // the coder of the very wire that the step fills
    ElementChecks(String step, Coder<?> coder, Receiver receiver) {
        this.step = step;
        // Other runners send coders to other machines.
        this.coder = (Coder<Object>) SerializableUtils.clone(coder);
        this.receiver = receiver;
    }

    @Override
    public void accept(WindowedValue<?> element) {
        MutationDetector detector;
        try {
            Object value = element.getValue();
            if (value == null) {
                CoderUtils.clone(coder, value);
            }
            detector = MutationDetectors.forValueWithCoder(value, coder);
        } catch (CoderException e) {
            throw UserCodeException.wrap(e);
        }
        emitted.add(detector);
        receiver.accept(element);
        verify(
                detector,
                "a transform that takes what " + step + " emits has changed a value: inputs must not be changed");
    }

    /** The step's bundle is over: what it emitted must still be what it was. */
    void finishBundle() {
        for (MutationDetector each : emitted) {
            verify(each, step + " has changed a value after it was output: outputs must not be changed");
        }
        emitted.clear();
    }

    private static void verify(MutationDetector detector, String what) {
        try {
            detector.verifyUnmodified();
        } catch (IllegalMutationException e) {
            IllegalMutationException told = new IllegalMutationException(
                    "TM-ELEMENT-001: " + what + ". It was " + e.getSavedValue() + ", and is now " + e.getNewValue()
                            + ".",
                    e.getSavedValue(),
                    e.getNewValue(),
                    e);
            throw UserCodeException.wrap(told);
        }
    }
}
