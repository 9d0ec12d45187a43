package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public sealed interface Row permits Other {}
  // ERROR [Tidemark/FieldType] Other is permitted by Row but is no record; only records can be stored
  public static final class Other implements Row {}
  @OnEvent void event(Event e, State s, Group group, Out<Row> out) {}
}
