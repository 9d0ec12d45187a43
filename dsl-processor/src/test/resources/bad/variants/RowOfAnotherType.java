package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent void event(Event e, State s, Group group,
      // ERROR [Tidemark/OutputNotPermitted] dev.tidemark.Out<String> emits what the group does not: its output is Row. Write Out<Row>
      Out<String> out) {}
}
