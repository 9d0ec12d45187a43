package dev.tidemark.processor.versions;

import dev.tidemark.EventTime;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;
import java.time.Instant;

/** {@link Rings} that counts all rings. */
@StatefulGroup(name = "rings")
@SuppressWarnings("Tidemark/NeverFreed")
public final class AllRings {
    @GroupInput
    public record Ring(@Key String door, @EventTime Instant time) {}

    @GroupState
    public static class Seen {
        long count;
    }

    @GroupOutput
    public record Count(String door, long count, boolean quiet) {}

    @OnEvent
    Count ring(Ring ring, Seen seen) {
        seen.count++;
        return new Count(ring.door(), seen.count, false);
    }
}
