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

/** Sessions: events in order, a timeout that re-arms itself, a longest life. */
@StatefulGroup(
        name = "sessions",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms", maxAge = "30ms"),
        order = Order.EVENT_TIME,
        lateness = "5ms",
        late = Late.EMIT)
final class Sessions {
    @OnEvent
    void event(Said said, Memory memory, Group group, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.NONE, out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.NONE, out);
    }
}
