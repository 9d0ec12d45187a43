package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnEvents;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.util.List;

/** Sets its timeout itself, and takes what the watermark releases. */
@StatefulGroup(name = "ordered-explicit", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.EVENT_TIME)
final class OrderedExplicit {
    @OnEvents(maxBatch = 100)
    void events(List<Said> all, Memory memory, Group group, EventTimeout timeout, Out<Line> out) {
        Script.events(all, memory, group, Script.Alarm.of(timeout, group), out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, EventTimeout timeout, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.of(timeout, group), out);
    }
}
