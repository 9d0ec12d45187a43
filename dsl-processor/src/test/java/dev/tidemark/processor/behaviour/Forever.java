package dev.tidemark.processor.behaviour;

import dev.tidemark.Group;
import dev.tidemark.OnEvent;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;

/** Never times out. */
@StatefulGroup(name = "forever")
final class Forever {
    @OnEvent
    void event(Said said, Memory memory, Group group, Out<Line> out) {
        Script.event(said, memory, group, Script.Alarm.NONE, out);
    }
}
