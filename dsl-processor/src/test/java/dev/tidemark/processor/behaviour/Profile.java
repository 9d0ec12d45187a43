package dev.tidemark.processor.behaviour;

import dev.tidemark.Bag;
import dev.tidemark.Cell;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Late;
import dev.tidemark.OnError;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Table;
import dev.tidemark.Ttl;
import java.util.Optional;

/** Fields with cells of their own, and fields that are remembered for ten milliseconds only. */
@StatefulGroup(name = "profile", order = Order.EVENT_TIME, late = Late.EMIT)
@OnError(ErrorPolicy.EMIT)
final class Profile {
    @GroupState
    static class Known {
        int count;

        @Ttl("10ms")
        String mood = "calm";

        @Cell
        String picture = "none";

        @Cell
        @Ttl("10ms")
        Integer rank;

        Table<String, Long> visits;

        @Ttl("10ms")
        Table<String, String> rooms;

        @Ttl("10ms")
        Bag<String> words;
    }

    @OnEvent
    Optional<Line> event(Said said, Known known, Group group) {
        known.count++;
        for (String each : said.words().split(" ")) {
            String value = each.substring(each.indexOf(':') + 1);
            switch (each.split(":")[0]) {
                case "mood" -> known.mood = value;
                case "picture" -> known.picture = value.equals("null") ? null : value;
                case "rank" -> known.rank = Integer.valueOf(value);
                case "visit" -> known.visits.merge(value, 1L, Long::sum);
                case "leave" -> known.visits.remove(value);
                case "room" -> known.rooms.put(value, said.key());
                case "word" -> known.words.add(value);
                case "close" -> group.close();
                case "throw" -> throw new IllegalStateException(value);
                case "tell" -> {
                    return Optional.of(new Line(
                            said.key(),
                            known.count + " " + known.mood + " " + known.picture + " " + known.rank + " "
                                    + known.visits.map() + " " + known.rooms.keys() + " " + known.words.list()));
                }
                default -> throw new IllegalArgumentException(each);
            }
        }
        return Optional.empty();
    }
}
