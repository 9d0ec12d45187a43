package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.ClockTimeout;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;

/** Times out by the wall clock. */
@StatefulGroup(name = "by-clock", timeout = @Timeout(TimeoutDomain.PROCESSING_TIME))
final class ByClock {
    @OnEvent
    void event(Said said, Memory memory, Group group, ClockTimeout timeout, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.of(timeout), out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, ClockTimeout timeout, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.of(timeout), out);
    }
}
