package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
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

/** Takes what comes late, out of order. */
@StatefulGroup(
        name = "accepting",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms"),
        order = Order.EVENT_TIME,
        late = Late.ACCEPT)
final class Accepting {
    @OnEvent
    void event(Said said, Memory memory, Group group, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.NONE, out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.NONE, out);
    }
}
