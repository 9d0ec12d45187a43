package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/RoleTwice] Row and Other are both @GroupOutput of Visits; a group has one
  @GroupOutput public record Other(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
