package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

@StatefulGroup(name = "visits-renamed")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State {
    @FieldNumber(1) int sum;
    // ERROR [Tidemark/SnapshotIncompatible] "visits-renamed" no longer reads what was stored: field 2 was last: string, is first: string; if it was renamed, write @FieldNumber(2) on it, and if fields were moved, the numbers that they had. Write version = 2 and a method @Migrate(from = 1), or abandon the stored state with -Atidemark.accept=true
    String first;
    // ERROR [Tidemark/SnapshotIncompatible] "visits-renamed" no longer reads what was stored: field 3 was removed once, and its number is reserved; give extra another with @FieldNumber. Give the new field another number with @FieldNumber, or abandon the stored state with -Atidemark.accept=true
    long extra;
  }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
