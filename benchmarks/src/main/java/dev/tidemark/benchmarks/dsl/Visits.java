package dev.tidemark.benchmarks.dsl;

import dev.tidemark.EventTime;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;

/** Counts the visits of a user and notes the first and the last: a small state, read and written for each event. */
@StatefulGroup(name = "visits", ttl = "365d")
public final class Visits {
    /** A visit. */
    @GroupInput
    public record Visit(@Key String user, @EventTime long time, String page) {}

    /** What is remembered of a user. */
    @GroupState
    public static class Seen {
        long count;
        long first;
        long last;
        String page = "";
    }

    /** The visits of a user so far. */
    @GroupOutput
    public record Total(String user, long count, long first, long last) {}

    @OnEvent
    Total visit(Visit visit, Seen seen) {
        if (seen.count == 0) {
            seen.first = visit.time();
        }
        seen.count++;
        seen.last = visit.time();
        seen.page = visit.page();
        return new Total(visit.user(), seen.count, seen.first, seen.last);
    }
}
