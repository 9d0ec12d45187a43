package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

// WARNING [Tidemark/SnapshotOutdated] the snapshot of "visits-more" can still be read, but does not have what is new, so that the next change of it would not be noticed. Compile once with -Atidemark.accept=true, and commit visits-more.json
@StatefulGroup(name = "visits-more")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { long count; String page = ""; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
