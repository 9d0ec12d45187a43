package dev.tidemark.benchmarks;

import java.util.concurrent.atomic.AtomicLongArray;

/** How long it was from one element to the next, in steps of a sixteenth. Any thread records. */
final class Gaps {
    private static final int STEPS = 16;

    private final AtomicLongArray counts = new AtomicLongArray(Long.SIZE * STEPS);

    void record(long nanos) {
        counts.incrementAndGet(step(nanos));
    }

    void clear() {
        for (int i = 0; i < counts.length(); i++) {
            counts.set(i, 0);
        }
    }

    private static int step(long nanos) {
        long positive = Math.max(1, nanos);
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(positive);
        int part = power < 4 ? 0 : (int) (positive >>> (power - 4)) & (STEPS - 1);
        return power * STEPS + part;
    }

    /** The most that a gap of a step can be. */
    private static long most(int step) {
        int power = step / STEPS;
        return power < 4 ? 1L << (power + 1) : (STEPS + step % STEPS + 1L) << (power - 4);
    }

    /** The gap in nanoseconds that all but one in {@code times} do not exceed, rounded up to its step. */
    long allButOneIn(long times) {
        long all = 0;
        for (int i = 0; i < counts.length(); i++) {
            all += counts.get(i);
        }
        long left = all / times;
        for (int i = counts.length() - 1; i >= 0; i--) {
            left -= counts.get(i);
            if (left < 0) {
                return most(i);
            }
        }
        return 0;
    }

    /** The longest in nanoseconds, rounded up to its step. */
    long longest() {
        return allButOneIn(Long.MAX_VALUE);
    }
}
