package dev.tidemark.processor.behaviour;

import dev.tidemark.FieldNumber;
import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Migrate;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;

/** A group whose state is of its third version: what it counts was text once, and had another name. */
@StatefulGroup(name = "grown", order = Order.EVENT_TIME)
final class Grown {
    @GroupState(version = 3)
    static class Sum {
        long total;
        String unit = "none";
    }

    record V1(String count) {}

    record V2(@FieldNumber(2) int number) {}

    @Migrate(from = 1)
    static V2 fromV1(V1 old) {
        return new V2(Integer.parseInt(old.count()));
    }

    @Migrate(from = 2)
    static Sum fromV2(V2 old) {
        Sum sum = new Sum();
        sum.total = old.number() * 10L;
        sum.unit = "tenths";
        return sum;
    }

    @OnEvent
    Line event(Said said, Sum sum, Group group) {
        sum.total++;
        if (said.words().equals("close")) {
            group.close();
        }
        return new Line(said.key(), sum.total + sum.unit);
    }
}
