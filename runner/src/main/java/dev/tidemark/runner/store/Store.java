package dev.tidemark.runner.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a job's committed epochs rest: rows of bytes, in the order of their keys as unsigned bytes. Any thread reads; one at a time
 * commits.
 */
public interface Store extends AutoCloseable {
    /** Takes each row in turn. */
    interface Reader {
        void row(byte[] key, byte[] value);
    }

    /** Takes rows in turn until it has enough. */
    interface Taker {
        /** Takes a row, and says whether it wants the next. */
        boolean row(byte[] key, byte[] value);
    }

    /** The newest committed epoch; 0 before the first. */
    long epoch();

    /** The row, or null when there is none. */
    byte @Nullable [] get(byte[] key);

    /** The key of the first row from {@code from} on and before {@code until}, or null when there is none. */
    byte @Nullable [] first(byte[] from, byte[] until);

    /** Gives {@code taker} the rows from {@code from} on and before {@code until}, in order, until it has enough. */
    void scanWhile(byte[] from, byte[] until, Taker taker);

    /** Gives {@code reader} every row from {@code from} on and before {@code until}, in order. */
    default void scan(byte[] from, byte[] until, Reader reader) {
        scanWhile(from, until, (key, value) -> {
            reader.row(key, value);
            return true;
        });
    }

    /**
     * Commits an epoch: all of its changes or, also where the process or the machine dies meanwhile, none. Durable when this
     * returns. Of one key the last change in the list counts.
     *
     * @throws StoreException where it could not be made durable: what was committed before stands, and readers see that, or already
     *     all of the epoch that failed. To be tried again under a higher number, with the changes of the one that failed among its own
     */
    void commit(long epoch, List<Changes> changes) throws StoreException;

    /**
     * Finds out what became of a commit that failed: from here on {@link #epoch} and what readers see are what the next commit adds to.
     * Who is to go on from what is committed calls this before reading any of it: else what the failed commit has left might come to
     * light later, and be mixed with what somebody else has made of the epoch before. Called by who commits; nothing happens where no
     * commit has failed.
     *
     * @throws StoreException where that cannot be found out yet; to be tried again
     */
    void settle() throws StoreException;

    @Override
    void close();
}
