package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits", order = Order.ARRIVAL,
    // ERROR [Tidemark/TimeoutSyntax] "10" is not a timeout: it has no unit. Did you mean "10s"?
    timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "10"))
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
