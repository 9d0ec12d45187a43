package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(
    name = "visits",
    // ERROR [Tidemark/OrderNotChosen] choose order = ARRIVAL or order = EVENT_TIME: with an event-time timeout they differ in batch and replay, where ARRIVAL merges groups that streaming would split
    timeout = @Timeout(value = TimeoutDomain.EVENT_TIME, after = "5s"))
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
