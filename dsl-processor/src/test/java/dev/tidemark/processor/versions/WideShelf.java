package dev.tidemark.processor.versions;

import dev.tidemark.Bag;
import dev.tidemark.Cell;
import dev.tidemark.EventTime;
import dev.tidemark.FieldNumber;
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
import java.util.List;
import java.util.Optional;

/** {@link Shelf}, with wider numbers in its cells, and elements that have more fields, in another order. */
@StatefulGroup(name = "shelf", order = Order.EVENT_TIME)
public final class WideShelf {
    @GroupInput
    public record Put(@Key String shelf, @EventTime Instant time, Item item) {}

    public record Item(
            @FieldNumber(3) Optional<String> colour,
            @FieldNumber(2) long grams,
            @FieldNumber(1) String name) {}

    @GroupState
    public static class Content {
        @Cell
        long heaviest;

        Bag<Long> weights;
        Bag<Item> items;
        Table<String, Item> latest;
        Timeline<Long> log;
        Tally count;
    }

    @GroupOutput
    public record Full(
            String shelf,
            long heaviest,
            List<Long> weights,
            List<Item> items,
            List<Item> latest,
            int log,
            long count) {}

    @OnEvent
    Optional<Full> put(Put put, Content content, Group group) {
        content.heaviest = Math.max(content.heaviest, put.item().grams());
        content.weights.add(put.item().grams());
        content.items.add(put.item());
        content.latest.put(put.item().name(), put.item());
        content.log.add(put.time(), put.item().grams());
        content.count.increment();
        if (!put.item().name().equals("end")) {
            return Optional.empty();
        }
        Full full = new Full(
                put.shelf(),
                content.heaviest,
                content.weights.stream().sorted().toList(),
                content.items.stream()
                        .sorted((left, right) -> left.name().compareTo(right.name()))
                        .toList(),
                content.latest.keys().stream()
                        .sorted()
                        .map(name -> content.latest.get(name))
                        .toList(),
                content.log.list().size(),
                content.count.value());
        group.close();
        return Optional.of(full);
    }
}
