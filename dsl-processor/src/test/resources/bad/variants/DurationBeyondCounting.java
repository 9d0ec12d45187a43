package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits", order = Order.ARRIVAL,
    timeout = @Timeout(value = TimeoutDomain.EVENT_TIME,
        // ERROR [Tidemark/TimeoutTooLong] the timeout "P106751991100D" is longer than Beam can count
        after = "P106751991100D"))
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
