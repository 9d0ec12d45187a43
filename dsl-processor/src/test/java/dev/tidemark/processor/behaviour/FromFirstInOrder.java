package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;

/** Times out a while after the event that opened it; forgotten after a longer while without one. */
@StatefulGroup(
        name = "from-first-in-order",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms", from = TimeoutFrom.FIRST_EVENT),
        order = Order.EVENT_TIME,
        ttl = "25ms")
final class FromFirstInOrder {
    @OnEvent
    void event(Said said, Memory memory, Group group, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.NONE, out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.NONE, out);
    }
}
