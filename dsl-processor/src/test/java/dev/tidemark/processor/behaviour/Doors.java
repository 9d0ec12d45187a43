package dev.tidemark.processor.behaviour;

import dev.tidemark.EventTime;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.time.Instant;

/** Two inputs, each with a handler and a key of two components. */
@StatefulGroup(
        name = "doors",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms"),
        order = Order.EVENT_TIME)
final class Doors {
    @GroupInput
    sealed interface Movement permits Entry, Exit {}

    record Entry(
            @Key String house, @Key int door, @EventTime Instant time, String who) implements Movement {}

    record Exit(@EventTime long at, @Key String house, @Key int door) implements Movement {}

    @GroupState
    static class Inside {
        int count;
    }

    @OnEvent
    void enter(Entry entry, Inside inside) {
        inside.count++;
    }

    @OnEvent
    Line leave(Exit exit, Inside inside, Group group) {
        inside.count--;
        return new Line(
                exit.house() + exit.door(),
                inside.count + " left at " + group.eventTime().toEpochMilli());
    }

    @OnTimeout
    Line idle(@Key String house, @Key int door, Inside inside, Group group) {
        int count = inside.count;
        group.close();
        return new Line(house + door, "idle with " + count);
    }
}
