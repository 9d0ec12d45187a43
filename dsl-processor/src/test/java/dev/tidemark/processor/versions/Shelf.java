package dev.tidemark.processor.versions;

import dev.tidemark.Bag;
import dev.tidemark.Cell;
import dev.tidemark.EventTime;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Table;
import dev.tidemark.Tally;
import dev.tidemark.Timeline;
import java.time.Instant;
import java.util.Optional;

/** A cell of each kind, the first version: {@link WideShelf} is the second. */
@StatefulGroup(name = "shelf", order = Order.EVENT_TIME)
public final class Shelf {
    @GroupInput
    public record Put(@Key String shelf, @EventTime Instant time, Item item) {}

    public record Item(String name, int grams) {}

    @GroupState
    public static class Content {
        @Cell
        int heaviest;

        Bag<Integer> weights;
        Bag<Item> items;
        Table<String, Item> latest;
        Timeline<Integer> log;
        Tally count;
    }

    @GroupOutput
    public record Full(String shelf) {}

    @OnEvent
    Optional<Full> put(Put put, Content content, Group group) {
        content.heaviest = Math.max(content.heaviest, put.item().grams());
        content.weights.add(put.item().grams());
        content.items.add(put.item());
        content.latest.put(put.item().name(), put.item());
        content.log.add(put.time(), put.item().grams());
        content.count.increment();
        if (put.item().name().equals("end")) {
            group.close();
            return Optional.of(new Full(put.shelf()));
        }
        return Optional.empty();
    }
}
