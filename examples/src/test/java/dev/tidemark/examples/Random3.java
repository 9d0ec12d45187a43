package dev.tidemark.examples;

import dev.tidemark.Cause;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Step;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Drawn steps over a state that is a record. */
@StatefulGroup(
        name = "random-3",
        timeout = @Timeout(TimeoutDomain.EVENT_TIME),
        order = Order.EVENT_TIME,
        lateness = "20ms")
final class Random3 {
    @GroupState
    record Sum(long sum, List<Long> numbers) {}

    @OnEvent
    static Step<Sum, Done> event(Doing doing, Optional<Sum> old) {
        Random random = new Random(doing.number());
        List<Long> numbers = new ArrayList<>(old.map(Sum::numbers).orElse(List.of()));
        numbers.add(doing.number());
        Sum sum = new Sum(old.map(Sum::sum).orElse(0L) + doing.number(), List.copyOf(numbers));
        Done done = new Done(doing.key(), "event " + sum);
        return switch (random.nextInt(5)) {
            case 0 -> Step.remove(done);
            case 1 -> Step.keep(done);
            case 2 -> Step.replace(sum, done);
            default -> Step.replace(sum, done).timeoutAfter(doing.time(), Duration.ofMillis(1 + random.nextInt(40)));
        };
    }

    @OnTimeout
    static Step<Sum, Done> timeout(@Key String key, Sum old, Cause cause) {
        Done done = new Done(key, cause + " " + old);
        return old.numbers().size() % 2 == 0 ? Step.remove(done) : Step.keep(done);
    }
}
