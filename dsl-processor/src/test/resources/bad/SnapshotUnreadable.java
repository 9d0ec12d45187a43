package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

// ERROR [Tidemark/SnapshotUnreadable] the snapshot of "visits-broken" cannot be read: it ends too early. Restore it from version control, or write it anew with -Atidemark.accept=true
@StatefulGroup(name = "visits-broken")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
