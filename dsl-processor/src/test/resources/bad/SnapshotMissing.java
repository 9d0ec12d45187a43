package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

// WARNING [Tidemark/SnapshotMissing] there is no snapshot of "visits-new" yet, so changes of its state cannot be checked. Compile once with -Atidemark.accept=true, and commit visits-new.json
@StatefulGroup(name = "visits-new")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
