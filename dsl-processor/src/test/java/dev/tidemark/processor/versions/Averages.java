package dev.tidemark.processor.versions;

import dev.tidemark.Bag;
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
import java.time.Instant;
import java.util.Optional;

/** {@link dev.tidemark.processor.groups.CountWindow}, with a number widened, fields moved, renamed and added. */
@StatefulGroup(name = "count-window", order = Order.EVENT_TIME)
public final class Averages {
    @GroupInput
    public record Reading(@Key String device, @EventTime Instant time, double x) {}

    @GroupState
    public static class Buffer {
        @FieldNumber(2)
        Bag<Double> values;

        @FieldNumber(1)
        long count;

        @FieldNumber(3)
        String unit = "g";
    }

    @GroupOutput
    public record Average(String device, double average, String unit, int values) {}

    @OnEvent
    Optional<Average> add(Reading r, Buffer b, Group group) {
        b.values.add(r.x());
        if (++b.count < 500) return Optional.empty();
        Average average = new Average(
                r.device(),
                b.values.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
                b.unit,
                b.values.list().size());
        group.close();
        return Optional.of(average);
    }
}
