package dev.tidemark.processor.behaviour;

import dev.tidemark.Group;
import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;
import org.jspecify.annotations.Nullable;

/** Answers each event with one row, unless it forgets to. */
@StatefulGroup(name = "answering")
final class Answering {
    @OnEvent
    @Nullable
    Line answer(Said said, Memory memory, Group group) {
        memory.count++;
        return said.words().isEmpty() ? null : new Line(said.key(), said.words() + (group.isNew() ? "!" : ""));
    }
}
