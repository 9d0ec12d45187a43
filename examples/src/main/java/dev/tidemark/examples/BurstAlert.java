package dev.tidemark.examples;

import static dev.tidemark.TimeoutDomain.EVENT_TIME;

import dev.tidemark.EventTime;
import dev.tidemark.EventTimeout;
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

/** An alert when more than LIMIT events fall into RANGE, and the all-clear after RANGE without any. */
@StatefulGroup(name = "burst-alert", timeout = @Timeout(EVENT_TIME), order = Order.EVENT_TIME, lateness = "10s")
public final class BurstAlert {
    static final int LIMIT = 3;
    static final Duration RANGE = Duration.ofMinutes(1);

    @GroupInput
    public record Login(@Key String user, @EventTime Instant time, String ip) {}

    @GroupState
    public static class Recent {
        Timeline<String> logins;
        boolean alerted;
    }

    @GroupOutput
    public sealed interface Signal permits Alert, AllClear {}

    public record Alert(String user, long count, Instant at) implements Signal {}

    public record AllClear(String user, Instant at) implements Signal {}

    @OnEvent
    void login(Login l, Recent r, EventTimeout timeout, Out<Signal> out) {
        r.logins.add(l.time(), l.ip());
        r.logins.dropBefore(l.time().minus(RANGE));
        long n = r.logins.countSince(l.time().minus(RANGE));
        if (n > LIMIT && !r.alerted) {
            r.alerted = true;
            out.emit(new Alert(l.user(), n, l.time()));
        }
        timeout.after(l.time(), RANGE); // EventTimeout is injectable only because the group says EVENT_TIME
    }

    @OnTimeout
    void quiet(@Key String user, Recent r, Group group, Out<Signal> out) {
        if (r.alerted) {
            out.emit(new AllClear(user, group.eventTime()));
        }
        group.close();
    }
}
