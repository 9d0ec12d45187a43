package dev.tidemark.runner.time;

import java.util.Arrays;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;

/**
 * The watermark of a consumer with several inputs: the minimum over the inputs that have not ended. Owned by one task.
 *
 * <p>Watermarks are milliseconds; {@link #MIN} is "nothing known yet", {@link #MAX} is "nothing more will come". Each input
 * only rises: a lower value than the last is ignored, because an output watermark that went back would un-say a promise.
 */
public final class Watermarks {
    /** No element has been promised away yet. */
    public static final long MIN = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis();

    /** The end of time: no further element. */
    public static final long MAX = BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis();

    private final long[] inputs;
    private long minimum;

    /** With no inputs the watermark is {@link #MAX} from the start: nothing can come. */
    public Watermarks(int inputCount) {
        inputs = new long[inputCount];
        Arrays.fill(inputs, MIN);
        minimum = inputCount == 0 ? MAX : MIN;
    }

    /** Raises one input. Returns whether the minimum rose. */
    public boolean raise(int input, long watermark) {
        long before = inputs[input];
        if (watermark <= before) {
            return false;
        }
        inputs[input] = watermark;
        if (before > minimum) {
            return false;
        }
        long smallest = MAX;
        for (long each : inputs) {
            smallest = Math.min(smallest, each);
        }
        boolean rose = smallest > minimum;
        minimum = smallest;
        return rose;
    }

    /** The smallest watermark of all inputs. */
    public long minimum() {
        return minimum;
    }
}
