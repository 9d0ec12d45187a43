package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/TimeoutSyntax] "10" is not a maxDelay: it has no unit. Did you mean "10s"?
  @OnEvents(maxBatch = 5, maxDelay = "10") Row events(List<Event> events, State s, Group group) { return new Row(events.get(0).user()); }
}
