package dev.tidemark.processor.behaviour;

import dev.tidemark.AtEnd;
import dev.tidemark.Group;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.util.Optional;

/** The latest words of each key; what the end of the window cuts short is deleted without a last word. */
@StatefulGroup(
        name = "discarding-board",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms"),
        order = Order.ARRIVAL,
        output = OutputMode.UPDATE,
        atEnd = AtEnd.DISCARD)
final class DiscardingBoard {
    @OnEvent
    Line event(Said said, Memory memory) {
        memory.count++;
        return new Line(said.key(), said.words() + memory.count);
    }

    @OnTimeout
    Optional<Line> idle(@Key String key, Memory memory, Group group) {
        group.close();
        return Optional.of(new Line(key, "last"));
    }
}
