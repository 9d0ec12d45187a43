package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
  public record StateV1(String count) {}
  // ERROR [Tidemark/SnapshotVersion] fromV1 is from version 1, but the state is of version 1; write @GroupState(version = 2)
  @Migrate(from = 1) static State fromV1(StateV1 old) { return new State(); }
}
