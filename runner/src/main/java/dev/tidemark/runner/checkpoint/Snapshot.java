package dev.tidemark.runner.checkpoint;

import java.util.Map;

/** What one task adds to checkpoint {@code epoch}: rows for the store. */
public record Snapshot(int task, long epoch, Map<String, byte[]> rows) {
    public Snapshot {
        rows = Map.copyOf(rows);
    }
}
