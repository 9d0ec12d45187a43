package dev.tidemark.runner.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a job's committed epochs rest: rows of bytes, written a batch at a time, all or nothing. Used by the checkpoint
 * coordinator alone.
 */
public interface Store extends AutoCloseable {
    /** Writes all rows of the batch, or none. A row that exists is replaced. */
    void write(Map<String, byte[]> batch);

    /** The row, or null when there is none. */
    byte @Nullable [] get(String row);

    /** Every row whose name begins with {@code prefix}, in the order of names. */
    Map<String, byte[]> scan(String prefix);

    @Override
    void close();
}
