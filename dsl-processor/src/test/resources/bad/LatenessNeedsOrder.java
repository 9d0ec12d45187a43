package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(
    name = "visits",
    // ERROR [Tidemark/LatenessNeedsOrder] lateness is how long order = EVENT_TIME waits for earlier events; with order = ARRIVAL nothing waits. Write order = EVENT_TIME, or leave lateness out
    lateness = "5s")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
