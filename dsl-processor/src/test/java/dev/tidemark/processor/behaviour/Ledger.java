package dev.tidemark.processor.behaviour;

import dev.tidemark.Group;
import dev.tidemark.GroupOutput;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Emits records of every type that a row can have. */
@StatefulGroup(name = "ledger", order = Order.EVENT_TIME)
final class Ledger {
    enum Kind {
        CASH,
        CARD
    }

    record Place(String town, Optional<Integer> zip) {}

    @GroupOutput
    sealed interface Posting permits Whole, Small {}

    record Small(String key) implements Posting {}

    record Whole(
            String text,
            boolean flag,
            byte tiny,
            short few,
            char letter,
            int number,
            long many,
            float part,
            double fraction,
            byte[] bytes,
            Kind kind,
            Instant time,
            org.joda.time.Instant joda,
            Duration duration,
            org.joda.time.Duration jodaDuration,
            java.time.LocalDate date,
            java.time.LocalTime hour,
            java.time.LocalDateTime moment,
            java.time.ZoneId zone,
            java.time.Year year,
            Optional<String> maybe,
            Integer boxed,
            Place place,
            List<Place> places,
            Set<Kind> kinds,
            Map<String, List<Instant>> times)
            implements Posting {}

    @OnEvent
    Posting event(Said said, Memory memory, Group group) {
        return said.words().equals("small") ? new Small(said.key()) : whole(said.key());
    }

    static Whole whole(String text) {
        Instant time = Instant.ofEpochMilli(1234);
        return new Whole(
                text,
                true,
                (byte) 1,
                (short) 2,
                'c',
                4,
                5L,
                6.5f,
                7.5,
                new byte[] {8},
                Kind.CARD,
                time,
                org.joda.time.Instant.ofEpochMilli(9),
                Duration.ofNanos(10),
                org.joda.time.Duration.millis(11),
                java.time.LocalDate.of(2020, 2, 29),
                java.time.LocalTime.of(12, 13),
                java.time.LocalDateTime.of(2020, 2, 29, 14, 15),
                java.time.ZoneId.of("Europe/Berlin"),
                java.time.Year.of(2021),
                Optional.of("there"),
                null,
                new Place("here", Optional.empty()),
                List.of(new Place("a", Optional.of(1)), new Place("b", Optional.empty())),
                Set.of(Kind.CASH),
                Map.of("x", List.of(time)));
    }
}
