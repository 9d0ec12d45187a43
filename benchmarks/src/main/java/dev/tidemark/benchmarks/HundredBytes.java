package dev.tidemark.benchmarks;

import org.jspecify.annotations.Nullable;

/** What keys have whose state is to be large: a hundred bytes each, the first of which counts the changes. */
final class HundredBytes {
    static final int LENGTH = 100;

    /** A prime: times a number, modulo the number of keys, it gives each key once. */
    private static final long SCATTER = 982_451_653;

    private HundredBytes() {}

    /** The key of a number below {@code keys}: numbers that follow each other have keys that do not. */
    static long key(long number, long keys) {
        return number * SCATTER % keys;
    }

    /** What the key has after one more change. The bytes cannot be compressed, as real state cannot. */
    static byte[] changed(byte @Nullable [] before, long key) {
        byte[] after = before == null ? new byte[LENGTH] : before.clone();
        after[0]++;
        for (int i = 1; before == null && i < LENGTH; i++) {
            after[i] = (byte) (((key + i) * 0x9E3779B97F4A7C15L) >>> 40);
        }
        return after;
    }
}
