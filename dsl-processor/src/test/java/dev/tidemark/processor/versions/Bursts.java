package dev.tidemark.processor.versions;

import static dev.tidemark.TimeoutDomain.EVENT_TIME;

import dev.tidemark.EventTime;
import dev.tidemark.EventTimeout;
import dev.tidemark.FieldNumber;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.OnTimeout;
import dev.tidemark.Order;
import dev.tidemark.Out;
import dev.tidemark.StatefulGroup;
import dev.tidemark.Timeline;
import dev.tidemark.Timeout;
import java.time.Duration;
import java.time.Instant;

/** {@link dev.tidemark.processor.groups.BurstAlert}, which no longer remembers that it alerted, but how often. */
@StatefulGroup(name = "burst-alert", timeout = @Timeout(EVENT_TIME), order = Order.EVENT_TIME, lateness = "10s")
public final class Bursts {
    static final int LIMIT = 3;
    static final Duration RANGE = Duration.ofMinutes(1);

    @GroupInput
    public record Login(@Key String user, @EventTime Instant time, String ip) {}

    @GroupState
    public static class Recent {
        @FieldNumber(3)
        int alerts;

        @FieldNumber(1)
        Timeline<String> seen;
    }

    @GroupOutput
    public sealed interface Signal permits Alert, AllClear {}

    public record Alert(String user, long count, Instant at) implements Signal {}

    public record AllClear(String user, Instant at, int alerts) implements Signal {}

    @OnEvent
    void login(Login l, Recent r, EventTimeout timeout, Out<Signal> out) {
        r.seen.add(l.time(), l.ip());
        long n = r.seen.countSince(l.time().minus(RANGE));
        if (n > LIMIT) {
            r.alerts++;
            out.emit(new Alert(l.user(), n, l.time()));
        }
        timeout.after(l.time(), RANGE);
    }

    @OnTimeout
    void quiet(@Key String user, Recent r, Group group, Out<Signal> out) {
        out.emit(new AllClear(user, group.eventTime(), r.alerts));
        group.close();
    }
}
