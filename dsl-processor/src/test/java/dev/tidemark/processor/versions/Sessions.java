package dev.tidemark.processor.versions;

import static dev.tidemark.TimeoutDomain.EVENT_TIME;
import static dev.tidemark.TimeoutFrom.MAX_EVENT;

import dev.tidemark.Bag;
import dev.tidemark.EventTime;
import dev.tidemark.FieldNumber;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.Members;
import dev.tidemark.Migrate;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeout;
import java.time.Instant;
import java.util.List;

/** {@link dev.tidemark.processor.groups.UserSessions}, whose count has become a text: that takes a migration. */
@StatefulGroup(
        name = "user-sessions",
        timeout = @Timeout(value = EVENT_TIME, after = "5s", from = MAX_EVENT, maxAge = "12h"),
        order = Order.EVENT_TIME,
        lateness = "5s",
        late = Late.EMIT)
public final class Sessions {
    @GroupInput
    public record Event(@Key String uid, @EventTime Instant time, double x, String activity) {}

    @GroupState(version = 2)
    public static class Session {
        @FieldNumber(3)
        Members<String> activities;

        @FieldNumber(1)
        String marks = "";

        @FieldNumber(2)
        Bag<Double> samples;
    }

    /** What the first version stored of its plain fields. */
    record V1(int count) {}

    @Migrate(from = 1)
    static Session fromV1(V1 old) {
        Session session = new Session();
        session.marks = "o".repeat(old.count());
        return session;
    }

    @GroupOutput
    public record Closed(String uid, List<String> activities, double average, String marks) {}

    @OnEvent
    void event(Event e, Session s) {
        s.marks += "x";
        s.samples.add(e.x());
        s.activities.add(e.activity());
    }

    @OnTimeout
    Closed idle(@Key String uid, Session s, Group group) {
        Closed closed = new Closed(
                uid,
                s.activities.list(),
                s.samples.stream().mapToDouble(d -> d).average().orElse(0),
                s.marks);
        group.close();
        return closed;
    }
}
