package dev.tidemark.processor.behaviour;

import dev.tidemark.Bag;
import dev.tidemark.Cell;
import dev.tidemark.ErrorPolicy;
import dev.tidemark.Group;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.Late;
import dev.tidemark.Members;
import dev.tidemark.OnError;
import dev.tidemark.OnEvent;
import dev.tidemark.OnInitial;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Table;
import dev.tidemark.Tally;
import dev.tidemark.Timeline;
import dev.tidemark.Timeout;
import dev.tidemark.TimeoutDomain;

/** Sessions that may begin with a state, which has handles of every kind. */
@StatefulGroup(
        name = "seeded",
        timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10ms"),
        order = Order.EVENT_TIME,
        late = Late.EMIT)
@OnError(ErrorPolicy.EMIT)
final class Seeded {
    @GroupState
    static class Session {
        int count;

        @Cell
        String name = "nobody";

        Bag<String> words;
        Members<String> rooms;
        Table<String, Long> visits;
        Tally tally;
        Timeline<String> log;
    }

    @OnInitial
    void start(@Key String key, Session session, Group group, Out<Line> out) {
        out.emit(new Line(key, "starts at " + session.count));
        if (session.count < 0) {
            group.close();
        }
    }

    @OnEvent
    void event(Said said, Session session, Out<Line> out, Group group) {
        session.count++;
        session.tally.increment();
        out.emit(new Line(said.key(), (group.isNew() ? "new " : "") + text(session)));
    }

    @OnTimeout
    void idle(@Key String key, Session session, Group group, Out<Line> out) {
        out.emit(new Line(key, "idle " + text(session)));
        group.close();
    }

    private static String text(Session session) {
        return session.count
                + session.name
                + session.words.list()
                + session.rooms.list()
                + session.visits.map()
                + session.tally.value()
                + session.log.list().size();
    }
}
