package dev.tidemark.runner.operator;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * How far time has come in what is durable. Timers and ends of windows that must be the same each time that they are tried again come
 * about only up to there. Owned by one task.
 */
final class StableTime {
    private record Frozen(long epoch, long watermark, long millis) {}

    private final Queue<Frozen> awaitingCommit = new ArrayDeque<>();
    private Frozen durable;
    /** The watermark of the newest checkpoint that has begun. */
    private long savedWatermark;

    /** Begins with what the last committed epoch has; its timers are older than any epoch to come. */
    StableTime(long watermark, long millis) {
        this.durable = new Frozen(0, watermark, millis);
        this.savedWatermark = watermark;
    }

    /** Checkpoint {@code epoch} contains the timers and the times of now. */
    void save(long epoch, long watermark, long millis) {
        awaitingCommit.add(new Frozen(epoch, watermark, millis));
        savedWatermark = watermark;
    }

    /** Whether the watermark has come further than in any checkpoint that has begun. */
    boolean isBehind(long watermark) {
        return savedWatermark < watermark;
    }

    /** Checkpoint {@code epoch} is durable, and with it any before. */
    void committed(long epoch) {
        for (Frozen first = awaitingCommit.peek();
                first != null && first.epoch() <= epoch;
                first = awaitingCommit.peek()) {
            durable = awaitingCommit.remove();
        }
    }

    /** The newest epoch that is durable; 0 for the one that the job went on from. */
    long epoch() {
        return durable.epoch();
    }

    /** The input watermark in it, in milliseconds. */
    long watermark() {
        return durable.watermark();
    }

    /** The time of day in it, in milliseconds. */
    long millis() {
        return durable.millis();
    }
}
