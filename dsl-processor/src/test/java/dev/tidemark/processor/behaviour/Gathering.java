package dev.tidemark.processor.behaviour;

import dev.tidemark.ErrorPolicy;
import dev.tidemark.Group;
import dev.tidemark.OnError;
import dev.tidemark.OnEvents;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import java.util.List;

/** Takes three events at once, or those of ten milliseconds. */
@StatefulGroup(name = "gathering")
@OnError(ErrorPolicy.EMIT)
final class Gathering {
    @OnEvents(maxBatch = 3, maxDelay = "10ms")
    void events(List<Said> all, Memory memory, Group group, Out<Line> out) {
        Script.events(all, memory, group, Script.Alarm.NONE, out);
    }
}
