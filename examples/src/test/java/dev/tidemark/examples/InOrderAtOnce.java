package dev.tidemark.examples;

import dev.tidemark.Bag;
import dev.tidemark.Cause;
import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvents;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.util.List;
import java.util.Optional;

/** Takes what the watermark releases, and tells of it when it times out: the same however the watermark comes. */
@StatefulGroup(
        name = "in-order-at-once",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "40ms", maxAge = "300ms"),
        order = Order.EVENT_TIME,
        lateness = "20ms")
final class InOrderAtOnce {
    @GroupState
    static class Memory {
        int count;
        Bag<Long> numbers;
    }

    @OnEvents(maxBatch = 5)
    Optional<Done> events(List<Doing> events, Memory memory) {
        for (Doing event : events) {
            memory.count++;
            memory.numbers.add(event.number());
        }
        return Optional.empty();
    }

    @OnTimeout
    Done timeout(@Key String key, Memory memory, Group group, Cause cause) {
        Done done = new Done(key, cause + " " + memory.count + memory.numbers.list());
        group.close();
        return done;
    }
}
