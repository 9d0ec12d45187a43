package dev.tidemark.processor.versions;

import static dev.tidemark.TimeoutDomain.EVENT_TIME;

import dev.tidemark.EventTime;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import java.time.Instant;

/** {@link Rings} in the order of event time. */
@StatefulGroup(
        name = "rings",
        timeout = @Timeout(value = EVENT_TIME, after = "10s"),
        order = Order.EVENT_TIME,
        lateness = "5s")
public final class OrderedRings {
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

    @OnTimeout
    Count quiet(@Key String door, Seen seen, Group group) {
        long count = seen.count;
        group.close();
        return new Count(door, count, true);
    }
}
