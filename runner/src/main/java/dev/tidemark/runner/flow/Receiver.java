package dev.tidemark.runner.flow;

import org.apache.beam.sdk.values.WindowedValue;

/** Whoever takes the next element: an operator of the same stage, or an edge to another one. */
@FunctionalInterface
public interface Receiver {
    /** Takes one element by reference; neither side changes it afterwards. */
    void accept(WindowedValue<?> element);

    /** Where the elements of a wire go that nobody reads. */
    static Receiver none() {
        return element -> {};
    }

    /** One receiver for all of {@code receivers}: each gets every element, in order. */
    static Receiver all(java.util.List<Receiver> receivers) {
        if (receivers.isEmpty()) {
            return none();
        }
        if (receivers.size() == 1) {
            return receivers.get(0);
        }
        Receiver[] each = receivers.toArray(Receiver[]::new);
        return element -> {
            for (Receiver receiver : each) {
                receiver.accept(element);
            }
        };
    }
}
