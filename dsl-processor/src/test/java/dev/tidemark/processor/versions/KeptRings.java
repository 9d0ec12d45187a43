package dev.tidemark.processor.versions;

import dev.tidemark.EventTime;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;
import java.time.Instant;

/** {@link Rings} that counts all rings, and forgets a door where nobody has rung for an hour. */
@StatefulGroup(name = "rings", ttl = "1h")
public final class KeptRings {
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
