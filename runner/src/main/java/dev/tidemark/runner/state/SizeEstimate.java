package dev.tidemark.runner.state;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.Coder;
import org.jspecify.annotations.Nullable;

/**
 * How large objects of one kind are when they are encoded, from samples: to encode each would cost more than to keep it. Large ones
 * are sampled more often where each counts, and less often where only the average does.
 */
final class SizeEstimate {
    private static final int SAMPLE_EVERY = 32;

    /** Objects from this size on are measured one by one. */
    private static final int LARGE = 1024;

    private long average;
    private int untilNext;
    private long untilLook;

    /** The size of the object, or of its like. */
    long of(Coder<Object> coder, @Nullable Object value) {
        if (--untilNext >= 0) {
            return average;
        }
        long size = measure(coder, value);
        untilNext = size >= LARGE ? 0 : SAMPLE_EVERY;
        return size;
    }

    /** Takes the object into account now and then: the larger it is, the more seldom. */
    void look(Coder<Object> coder, @Nullable Object value) {
        if (--untilLook < 0) {
            untilLook = SAMPLE_EVERY + measure(coder, value);
        }
    }

    long average() {
        return average;
    }

    private long measure(Coder<Object> coder, @Nullable Object value) {
        Counter counter = new Counter();
        try {
            encode(coder, value, counter);
        } catch (IOException e) {
            throw Bytes.cannot("encode", coder, e);
        }
        average = average == 0 ? counter.count : (7 * average + counter.count) / 8;
        return counter.count;
    }

    @SuppressWarnings("NullAway") // a coder takes null where its type has it
    private static void encode(Coder<Object> coder, @Nullable Object value, OutputStream out) throws IOException {
        coder.encode(value, out);
    }

    private static final class Counter extends OutputStream {
        long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count += length;
        }
    }
}
