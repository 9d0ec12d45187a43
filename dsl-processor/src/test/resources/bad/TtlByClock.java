package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(TimeoutDomain.PROCESSING_TIME),
    // ERROR [Tidemark/TtlByClock] ttl is measured in event time, but the timeout is by the wall clock; write maxAge = "..." in @Timeout, or an event-time timeout
    ttl = "7d")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group, ClockTimeout t) { return new Row(e.user()); }
}
