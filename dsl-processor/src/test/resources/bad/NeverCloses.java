package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "5s"), order = Order.ARRIVAL)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
  // WARNING [Tidemark/NeverCloses] idle never closes the group: it takes no Group, so its state stays after the timeout. Take a Group and call close(), or suppress with @SuppressWarnings("Tidemark/NeverCloses")
  @OnTimeout void idle(State s) {}
}
