package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

// ERROR [Tidemark/SnapshotIncompatible] "visits-key" no longer finds what was stored: its key was long, is string. Restore it, or give the group a new name, which abandons the stored state
@StatefulGroup(name = "visits-key")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
