package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerReturn] event returns rows and takes an Out<Row>; choose one of the two
  @OnEvent Row event(Event e, State s, Group group, Out<Row> out) { return new Row("a"); }
}
