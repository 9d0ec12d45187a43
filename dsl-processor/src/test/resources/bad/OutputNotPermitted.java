package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/OutputNotPermitted] event returns java.util.Optional<String>, but the output of the group is Row. Return Row, Optional<Row>, List<Row> or Stream<Row>, or void beside an Out<Row>
  @OnEvent Optional<String> event(Event e, State s, Group group) { return Optional.of(e.user()); }
}
