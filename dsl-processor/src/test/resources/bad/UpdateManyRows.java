package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits", output = OutputMode.UPDATE)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/UpdateManyRows] event returns any number of rows, but with output = UPDATE a group has one row at a time. Return Row or Optional<Row>
  @OnEvent List<Row> event(Event e, State s, Group group) { return List.of(); }
}
