package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(
    name = "visits",
    timeout = @Timeout(value = TimeoutDomain.PROCESSING_TIME, after = "5s"),
    // ERROR [Tidemark/OrderNeedsEventTime] order = EVENT_TIME waits for the watermark, but the timeout is by the wall clock; write order = ARRIVAL, or an event-time timeout
    order = Order.EVENT_TIME)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
