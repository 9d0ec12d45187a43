package dev.tidemark.processor.versions;

import dev.tidemark.EventTime;
import dev.tidemark.FieldNumber;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OutputMode;
import dev.tidemark.StatefulGroup;
import java.time.Instant;
import java.util.Optional;

/** {@link dev.tidemark.processor.groups.UserActivity}, with fields moved, renamed and added, of the input, too. */
@StatefulGroup(name = "user-activity", output = OutputMode.UPDATE)
public final class LatestActivity {
    @GroupInput
    public record Event(
            @FieldNumber(4) Optional<String> device,
            @Key @FieldNumber(1) String person,
            @EventTime @FieldNumber(2) Instant time,
            @FieldNumber(3) String activity) {}

    @GroupState
    public static class Span {
        @FieldNumber(4)
        int changes;

        @FieldNumber(3)
        Instant end;

        @FieldNumber(2)
        Instant since;

        @FieldNumber(1)
        String activity;
    }

    @GroupOutput
    public record Now(String person, String activity, Instant since, Instant end, int changes) {}

    @OnEvent
    Now update(Event e, Span s, Group group) {
        boolean same = e.activity().equals(s.activity);
        if (group.isNew() || (!same && e.time().isAfter(s.end))) {
            s.activity = e.activity();
            s.since = e.time();
            s.end = e.time();
            s.changes++;
        } else if (same && e.time().isAfter(s.end)) {
            s.end = e.time();
        }
        return new Now(e.person(), s.activity, s.since, s.end, s.changes);
    }
}
