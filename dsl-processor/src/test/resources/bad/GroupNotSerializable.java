package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
// ERROR [Tidemark/GroupNotSerializable] Visits has no constructor without arguments, so instances of it travel with the pipeline; write: class Visits implements Serializable
public final class Visits {
  private final int limit;
  Visits(int limit) { this.limit = limit; }
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user() + limit); }
}
