package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

@StatefulGroup(name = "visits-migrate")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState(version = 2) public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
  public record StateV1(long count) {}
  // ERROR [Tidemark/SnapshotIncompatible] fromV1 does not take what version 1 stored: field 1 was count: string, is count: long
  @Migrate(from = 1) static State fromV1(StateV1 old) { return new State(); }
}
