package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.OnEvents;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.util.List;

/** Takes what the watermark releases, three events at once. */
@StatefulGroup(
        name = "ordered-batches",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms", maxAge = "30ms"),
        order = Order.EVENT_TIME,
        lateness = "5ms",
        late = Late.EMIT)
final class OrderedBatches {
    @OnEvents(maxBatch = 3)
    void events(List<Said> all, Memory memory, Group group, Out<Line> out) {
        Script.events(all, memory, group, Script.Alarm.NONE, out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.NONE, out);
    }
}
