package dev.tidemark.processor.behaviour;

import dev.tidemark.Group;
import dev.tidemark.OnEvents;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;

/** Could take several events, and is given one. */
@StatefulGroup(name = "one-by-one")
final class OneByOne {
    @OnEvents
    void events(Iterable<Said> all, Memory memory, Group group, Out<Line> out) {
        Script.events(all, memory, group, Script.Alarm.NONE, out);
    }
}
