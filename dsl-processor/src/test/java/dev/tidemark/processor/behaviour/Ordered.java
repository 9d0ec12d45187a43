package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;

/** Its handlers set the timeout; events wait for their turn. */
@StatefulGroup(
        name = "ordered",
        timeout = @Timeout(TimeoutDomain.EVENT_TIME),
        order = Order.EVENT_TIME,
        lateness = "5ms",
        late = Late.EMIT)
final class Ordered {
    @OnEvent
    void event(Said said, Memory memory, Group group, EventTimeout timeout, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.of(timeout, group), out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, EventTimeout timeout, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.of(timeout, group), out);
    }
}
