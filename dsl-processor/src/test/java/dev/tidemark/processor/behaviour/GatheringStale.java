package dev.tidemark.processor.behaviour;

import dev.tidemark.Group;
import dev.tidemark.OnEvents;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import java.util.List;

/** Forgotten ten milliseconds after its last event, of which it takes three at once. */
@StatefulGroup(name = "gathering-stale", ttl = "10ms")
final class GatheringStale {
    @OnEvents(maxBatch = 3, maxDelay = "10ms")
    void events(List<Said> all, Memory memory, Group group, Out<Line> out) {
        Script.events(all, memory, group, Script.Alarm.NONE, out);
    }
}
