package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.ARRIVAL)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, EventTimeout timeout, Group group,
      // ERROR [Tidemark/HandlerParameter] event cannot be given a String name. It can take: Event, @Key String, State, Group, Out<Row>, EventTimeout
      String name) { return new Row(name); }
  @OnTimeout void idle(
      // ERROR [Tidemark/HandlerParameter] int user is not the key; it is @Key String
      @Key int user, Group group) { group.close(); }
}
