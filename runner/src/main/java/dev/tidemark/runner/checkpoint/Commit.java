package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.store.Changes;
import java.util.List;

/** An epoch that is complete: to be made durable, all of it at once. */
public record Commit(long epoch, List<Changes> changes) {
    public Commit {
        changes = List.copyOf(changes);
    }
}
