package dev.tidemark.processor.behaviour;

import dev.tidemark.AtEnd;
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

/** Forgets a timeout that the end of the window cuts short. */
@StatefulGroup(
        name = "discarding",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms"),
        order = Order.EVENT_TIME,
        atEnd = AtEnd.DISCARD)
final class Discarding {
    @OnEvent
    void event(Said said, Memory memory, Group group, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.NONE, out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.NONE, out);
    }
}
