package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

@StatefulGroup(name = "visits-version")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  // ERROR [Tidemark/SnapshotVersion] the version of State is 2, but 3 is committed; versions only grow. Write @GroupState(version = 3)
  @GroupState(version = 2) public static class State { long count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
