package dev.tidemark.processor.behaviour;

import dev.tidemark.AtEnd;
import dev.tidemark.Cause;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;

/** Times out by the wall clock, unless the input ends before. */
@StatefulGroup(
        name = "by-clock-discarding",
        timeout = @Timeout(value = TimeoutDomain.PROCESSING_TIME, after = "10ms"),
        atEnd = AtEnd.DISCARD)
final class ByClockDiscarding {
    @OnEvent
    void event(Said said, Memory memory, Group group, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.NONE, out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.NONE, out);
    }
}
