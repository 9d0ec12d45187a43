package dev.tidemark.processor.behaviour;

import dev.tidemark.Group;
import dev.tidemark.OnEvent;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;

/** Forgotten ten milliseconds after its last event, which are handled as they come. */
@StatefulGroup(name = "stale", ttl = "10ms", output = OutputMode.UPDATE)
final class Stale {
    @OnEvent
    Line event(Said said, Memory memory, Group group) {
        memory.count++;
        memory.notes.add(said.words());
        return new Line(
                said.key(),
                (group.isNew() ? "new " : "")
                        + memory.count
                        + memory.notes.list().size());
    }
}
