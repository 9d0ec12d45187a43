package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  // ERROR [Tidemark/KeyMissing] group "visits" has no key. Mark one component of Event, or several: Event(@Key String user, ...)
  @GroupInput public record Event(String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
