package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(
    name = "visits",
    // ERROR [Tidemark/TimeoutNeverFires] the timeout can never fire: no handler takes an EventTimeout to set it. Take one, or write after = "..."
    timeout = @Timeout(TimeoutDomain.EVENT_TIME),
    order = Order.ARRIVAL)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
