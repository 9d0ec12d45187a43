package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(
    name = "visits",
    // ERROR [Tidemark/LateNeedsEventTime] late = EMIT has no effect: without an event-time timeout and without order = EVENT_TIME no event is late
    late = Late.EMIT)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
