package dev.tidemark.processor.behaviour;

import dev.tidemark.Group;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.util.Optional;

/** The latest words of each key, deleted by a timeout without a handler, or on the word {@code close}. */
@StatefulGroup(
        name = "board",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms"),
        order = Order.ARRIVAL,
        output = OutputMode.UPDATE)
final class Board {
    @OnEvent
    Optional<Line> event(Said said, Memory memory, Group group) {
        memory.count++;
        if (said.words().equals("close")) {
            group.close();
            return Optional.empty();
        }
        return Optional.of(new Line(said.key(), said.words() + memory.count));
    }
}
