package dev.tidemark.examples;

import static dev.tidemark.TimeoutDomain.EVENT_TIME;
import static dev.tidemark.TimeoutFrom.MAX_EVENT;

import dev.tidemark.Bag;
import dev.tidemark.EventTime;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.Members;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import java.time.Instant;
import java.util.List;

/** What a user did in a session, which ends with more than 5 s of silence, or after more than 1,000 events. */
@StatefulGroup(
        name = "user-sessions",
        timeout = @Timeout(value = EVENT_TIME, after = "5s", from = MAX_EVENT, maxAge = "12h"),
        order = Order.EVENT_TIME,
        lateness = "5s",
        late = Late.EMIT)
public final class UserSessions {
    @GroupInput
    public record Event(@Key String uid, @EventTime Instant time, double x, String activity) {}

    @GroupState(version = 1)
    public static class Session {
        int count;
        Bag<Double> xs;
        Members<String> activities;
    }

    @GroupOutput
    public record Closed(String uid, List<String> activities, double xAvg) {}

    @OnEvent
    void event(Event e, Session s, Group group, Out<Closed> out) { // the timeout re-arms itself
        s.count++;
        s.xs.add(e.x());
        s.activities.add(e.activity());
        if (s.count > 1000) {
            close(e.uid(), s, group, out);
        }
    }

    @OnTimeout
    void idle(@Key String uid, Session s, Group group, Out<Closed> out) {
        close(uid, s, group, out);
    }

    private void close(String uid, Session s, Group group, Out<Closed> out) {
        out.emit(new Closed(
                uid,
                s.activities.list(),
                s.xs.stream().mapToDouble(d -> d).average().orElse(0)));
        group.close();
    }
}
