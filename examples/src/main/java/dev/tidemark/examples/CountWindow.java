package dev.tidemark.examples;

import dev.tidemark.Bag;
import dev.tidemark.EventTime;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import java.time.Instant;
import java.util.Optional;

/** The average of every 500 readings of a device, in the order of event time. */
@StatefulGroup(name = "count-window", order = Order.EVENT_TIME)
public final class CountWindow {
    @GroupInput
    public record Reading(@Key String device, @EventTime Instant time, double x) {}

    @GroupState
    public static class Buffer {
        int count;
        Bag<Double> xs;
    }

    @GroupOutput
    public record Average(String device, double average) {}

    @OnEvent
    Optional<Average> add(Reading r, Buffer b, Group group) {
        b.xs.add(r.x()); // BagState.add: O(1), nothing is read
        if (++b.count < 500) {
            return Optional.empty();
        }
        double avg = b.xs.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        group.close(); // state and timeout are gone
        return Optional.of(new Average(r.device(), avg));
    }
}
