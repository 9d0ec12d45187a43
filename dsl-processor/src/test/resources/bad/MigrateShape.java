package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState(version = 2) public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
  public record Old(String count) {}
  // ERROR [Tidemark/MigrateShape] up brings the state from version 1, so it must be: @Migrate(from = 1) static State up(V1 old), where V1 is a record of the plain fields of then
  @Migrate(from = 1) State up(Old old) { return new State(); }
}
