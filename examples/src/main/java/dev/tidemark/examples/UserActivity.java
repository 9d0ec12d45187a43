package dev.tidemark.examples;

import dev.tidemark.EventTime;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;
import java.time.Instant;

/** What every user is doing now, and since when: one row per event, in the order of arrival. */
@StatefulGroup(name = "user-activity", output = OutputMode.UPDATE)
public final class UserActivity {
    @GroupInput
    public record Event(@Key String user, @EventTime Instant time, String activity) {}

    @GroupState
    public static class State {
        String activity;
        Instant start;
        Instant end;
    }

    @GroupOutput
    public record Now(String user, String activity, Instant start, Instant end) {}

    @OnEvent
    Now update(Event e, State s, Group group) {
        boolean same = e.activity().equals(s.activity);
        if (group.isNew() || (!same && e.time().isAfter(s.end))) {
            s.activity = e.activity();
            s.start = e.time();
            s.end = e.time();
        } else if (same) {
            if (e.time().isAfter(s.end)) {
                s.end = e.time();
            }
            if (e.time().isBefore(s.start)) {
                s.start = e.time();
            }
        }
        return new Now(e.user(), s.activity, s.start, s.end);
    }
}
