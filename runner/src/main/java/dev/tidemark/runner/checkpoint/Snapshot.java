package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.store.Changes;

/** What one task adds to checkpoint {@code epoch}. */
public record Snapshot(int task, long epoch, Changes changes) {}
