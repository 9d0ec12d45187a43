package dev.tidemark.processor.behaviour;

import dev.tidemark.EventTime;
import dev.tidemark.EventTimeout;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.Members;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeline;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.time.Duration;
import java.util.Optional;
import org.joda.time.Instant;

/** Has a key of two components, static handlers, a set and a timeline, and may be made or given. */
@StatefulGroup(name = "fridge", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.EVENT_TIME)
record Fridge(String unused) implements java.io.Serializable {
    Fridge() {
        this("");
    }

    @GroupInput
    record Put(
            @Key String flat, @EventTime Instant time, @Key int shelf, String food) {}

    @GroupState
    static class Content {
        Members<String> foods;
        Timeline<String> log;
    }

    @OnEvent
    static Optional<Line> put(Put put, Content content, EventTimeout timeout, Group group) {
        boolean known = content.foods.contains(put.food());
        content.foods.add(put.food());
        content.log.add(group.eventTime(), put.food());
        content.log.dropBefore(group.eventTime().minusMillis(10));
        timeout.after(group.eventTime(), Duration.ofMillis(50));
        return known ? Optional.empty() : Optional.of(new Line(put.flat() + put.shelf(), "new " + put.food()));
    }

    @OnTimeout
    static void empty(@Key String flat, @Key int shelf, Content content, Group group, Out<Line> out) {
        out.emit(new Line(
                flat + shelf,
                content.foods.list() + " of late "
                        + content.log.list().stream().map(Timeline.Entry::value).toList()));
        group.close();
    }
}
