package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits",
    timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "5s"), order = Order.EVENT_TIME,
    // ERROR [Tidemark/TimeoutNotPositive] the lateness must not be negative, but is "-1s"
    lateness = "-1s")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
