package dev.tidemark.processor.behaviour;

import dev.tidemark.EventTime;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import java.time.Instant;

/** Two inputs and one handler, and a method that computes the key. */
@StatefulGroup(name = "either", order = Order.EVENT_TIME)
final class Either {
    @GroupInput
    sealed interface Sign permits Plus, Minus {}

    record Plus(@EventTime Instant time, int by) implements Sign {}

    record Minus(@EventTime Instant time, int by) implements Sign {}

    @GroupState
    static class Sum {
        int sum;
    }

    @Key
    static String key(Sign sign) {
        return "all";
    }

    @OnEvent
    Line event(@Key String key, Sign sign, Sum sum, Group group) {
        sum.sum += sign instanceof Plus plus ? plus.by() : -((Minus) sign).by();
        return new Line(key, Integer.toString(sum.sum));
    }
}
