package dev.tidemark.benchmarks.dsl;

import static dev.tidemark.TimeoutDomain.EVENT_TIME;

import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;

/** The visits of a user until there is none for 30 s, in the order of event time: the shape of most groups. */
@StatefulGroup(
        name = "visit-sessions",
        timeout = @Timeout(value = EVENT_TIME, after = "30s"),
        order = Order.EVENT_TIME,
        lateness = "5s")
public final class VisitSessions {
    /** The session so far. */
    @GroupState
    public static class Session {
        long count;
        long first;
        long last;
        String page = "";
    }

    @OnEvent
    void visit(Visits.Visit visit, Session session) {
        if (session.count == 0) {
            session.first = visit.time();
        }
        session.count++;
        session.last = visit.time();
        session.page = visit.page();
    }

    @OnTimeout
    Visits.Total idle(@Key String user, Session session, Group group) {
        Visits.Total total = new Visits.Total(user, session.count, session.first, session.last);
        group.close();
        return total;
    }
}
