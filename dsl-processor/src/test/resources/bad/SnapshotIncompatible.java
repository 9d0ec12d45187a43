package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.snapshots=src/test/resources/bad/snapshots

@StatefulGroup(name = "visits-type")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State {
    // ERROR [Tidemark/SnapshotIncompatible] "visits-type" no longer reads what was stored: field 1 was count: long, is count: int. Write version = 2 and a method @Migrate(from = 1), or abandon the stored state with -Atidemark.accept=true
    int count;
    // ERROR [Tidemark/SnapshotIncompatible] "visits-type" no longer reads what was stored: field 2 was xs: bag of long, is xs: bag of double. Give the new field another number with @FieldNumber, or abandon the stored state with -Atidemark.accept=true
    Bag<Double> xs;
  }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
