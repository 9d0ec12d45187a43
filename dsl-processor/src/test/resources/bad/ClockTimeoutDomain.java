package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.ARRIVAL)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group, EventTimeout timeout,
      // ERROR [Tidemark/ClockTimeoutDomain] a ClockTimeout cannot be set in this group, whose timeout is EVENT_TIME; write timeout = @Timeout(PROCESSING_TIME)
      ClockTimeout clock) { return new Row(e.user()); }
}
