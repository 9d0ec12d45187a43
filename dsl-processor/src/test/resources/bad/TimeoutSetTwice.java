package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "5s"), order = Order.ARRIVAL)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group,
      // ERROR [Tidemark/TimeoutSetTwice] the timeout re-arms itself, because the group says after = "5s"; remove after, or this EventTimeout
      EventTimeout timeout) { return new Row(e.user()); }
}
