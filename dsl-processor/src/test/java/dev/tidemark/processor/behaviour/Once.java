package dev.tidemark.processor.behaviour;

import dev.tidemark.Deduplicate;
import dev.tidemark.EventTime;
import dev.tidemark.GroupInput;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import java.time.Instant;

/** Sees each word of a key once within ten milliseconds. */
@StatefulGroup(name = "once", order = Order.EVENT_TIME, ttl = "1d")
final class Once {
    @GroupInput
    @Deduplicate(
            on = {"key", "words"},
            within = "10ms")
    record Word(@Key String key, @EventTime Instant time, String words) {}

    @OnEvent
    Line event(Word word, Memory memory) {
        memory.count++;
        return new Line(word.key(), word.words() + memory.count);
    }
}
