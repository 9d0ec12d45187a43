package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.ClockTimeout;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnEvents;
import dev.tidemark.OnTimeout;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.util.List;

/** Times out by the wall clock, and takes three events at once. */
@StatefulGroup(name = "gathering-by-clock", timeout = @Timeout(TimeoutDomain.PROCESSING_TIME))
final class GatheringByClock {
    @OnEvents(maxBatch = 3, maxDelay = "10ms")
    void events(List<Said> all, Memory memory, Group group, ClockTimeout timeout, Out<Line> out) {
        Script.events(all, memory, group, Script.Alarm.of(timeout), out);
    }

    @OnTimeout
    void timeout(@Key String key, Memory memory, Group group, Cause cause, ClockTimeout timeout, Out<Line> out) {
        Script.timeout(key, memory, group, cause, Script.Alarm.of(timeout), out);
    }
}
