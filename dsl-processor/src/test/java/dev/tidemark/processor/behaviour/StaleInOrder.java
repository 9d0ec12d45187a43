package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;

/** Forgotten ten milliseconds after its last event, whatever its timeout says. */
@StatefulGroup(
        name = "stale-in-order",
        timeout = @Timeout(TimeoutDomain.EVENT_TIME),
        order = Order.EVENT_TIME,
        ttl = "10ms")
final class StaleInOrder {
    @OnEvent
    void event(Said said, Memory memory, Group group, EventTimeout timeout, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.of(timeout, group), out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, EventTimeout timeout, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.of(timeout, group), out);
    }
}
