package dev.tidemark.processor.behaviour;

import dev.tidemark.Cause;
import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Tally;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/** Is given an argument, computes its key, has no plain state, and returns its rows as a list and as a stream. */
@StatefulGroup(
        name = "greeter",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms"),
        order = Order.EVENT_TIME)
final class Greeter implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String greeting;

    Greeter(String greeting) {
        this.greeting = greeting;
    }

    /** Without {@code @Key} in it, as from another program. */
    @dev.tidemark.GroupInput
    record Guest(String name, @dev.tidemark.EventTime long time) {}

    @GroupState
    static class Visits {
        Tally tally;
    }

    @Key
    static String initial(Guest guest) {
        return guest.name().substring(0, 1);
    }

    @OnEvent
    List<Line> come(@Key String initial, Visits visits, Guest guest) {
        visits.tally.increment();
        return List.of(
                new Line(initial, greeting + " " + guest.name()), new Line(initial, "number " + visits.tally.value()));
    }

    @OnTimeout
    Stream<Line> go(Cause cause, @Key String initial, Group group, Visits visits) {
        long tally = visits.tally.value();
        group.close();
        return Stream.of(new Line(initial, cause + " " + tally), new Line(initial, "closed " + visits.tally.value()));
    }
}
