package dev.tidemark.benchmarks.dsl;

import dev.tidemark.GroupState;
import dev.tidemark.OnEvent;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import java.util.List;

/** {@link Visits} in the order of event time, with a list among the plain fields. */
@StatefulGroup(name = "ordered-visits", ttl = "365d", order = Order.EVENT_TIME)
public final class OrderedVisits {
    /** What is remembered of a user. */
    @GroupState
    public static class Seen {
        long count;
        long first;
        long last;
        String page = "";
        List<String> pages = List.of();
    }

    @OnEvent
    Visits.Total visit(Visits.Visit visit, Seen seen) {
        seen.count++;
        seen.last = visit.time();
        seen.page = visit.page();
        return new Visits.Total(visit.user(), seen.count, seen.first, seen.last);
    }
}
