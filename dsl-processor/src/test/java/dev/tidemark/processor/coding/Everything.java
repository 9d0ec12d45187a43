package dev.tidemark.processor.coding;

import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Has a field of every type that can be stored. */
@StatefulGroup(name = "everything")
final class Everything {
    enum Color {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "a constant with a class of its own";
            }
        }
    }

    record Point(int x, String label) {}

    sealed interface Shape permits Circle, Dot {}

    record Circle(Point center, double radius) implements Shape {}

    record Dot() implements Shape {}

    @GroupInput
    record Numbers(
            @Key String name,
            @Key long number,
            @Key Color color,
            boolean truth,
            byte int8,
            short int16,
            char char16,
            int int32,
            float float32,
            double float64,
            Boolean boxedTruth,
            Byte boxed8,
            Short boxed16,
            Character boxedChar,
            Integer boxed32,
            Long boxed64,
            Float boxedFloat,
            Double boxedDouble) {}

    record Times(
            Instant instant,
            Duration duration,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            ZoneOffset offset,
            ZoneId zone,
            OffsetTime offsetTime,
            OffsetDateTime offsetDateTime,
            ZonedDateTime zonedDateTime,
            Year year,
            YearMonth yearMonth,
            MonthDay monthDay,
            Period period,
            org.joda.time.Instant jodaInstant,
            org.joda.time.Duration jodaDuration) {}

    @GroupOutput
    record Things(
            String text,
            Color color,
            Point point,
            Shape shape,
            Times times,
            Optional<String> maybe,
            Optional<Point> maybePoint,
            Optional<Color> maybeColor,
            List<Integer> numbers,
            List<List<String>> lists,
            Set<String> set,
            Map<String, Long> map,
            Map<Color, Set<Point>> points,
            List<Shape> shapes) {}

    @GroupState
    static class Kept {
        byte[] raw = {1, 2};
        String text = "default";
        Integer boxed = 7;
        Optional<String> maybe = Optional.of("default");
        List<Point> points = new ArrayList<>(List.of(new Point(1, "default")));
        Map<String, List<Integer>> map = new LinkedHashMap<>();
        Color color = Color.GREEN;
        double number = 1.5;
    }

    /** Changes every field in place, where it can be, and tells what it found. */
    @OnEvent
    Things event(Numbers event, Kept kept, Group group) {
        kept.raw[0]++;
        kept.points.add(new Point(event.int32(), null));
        kept.map.computeIfAbsent("key", key -> new ArrayList<>()).add(event.int32());
        return new Things(
                kept.raw[0] + " " + kept.points + " " + kept.map,
                kept.color,
                null,
                null,
                null,
                kept.maybe,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                List.of());
    }
}
