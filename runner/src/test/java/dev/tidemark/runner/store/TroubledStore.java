package dev.tidemark.runner.store;

import org.jspecify.annotations.Nullable;

/** A store in memory whose commits are as a test wants them. */
public abstract class TroubledStore implements Store {
    /** What readers see. */
    protected final MemoryStore rows = new MemoryStore();

    @Override
    public final long epoch() {
        return rows.epoch();
    }

    @Override
    public final byte @Nullable [] get(byte[] key) {
        return rows.get(key);
    }

    @Override
    public final byte @Nullable [] first(byte[] from, byte[] until) {
        return rows.first(from, until);
    }

    @Override
    public final void scanWhile(byte[] from, byte[] until, Taker taker) {
        rows.scanWhile(from, until, taker);
    }

    @Override
    public void settle() {}

    @Override
    public final void close() {}
}
