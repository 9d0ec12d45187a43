package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerReturn] the group can emit nothing: event returns void and takes no Out<Row>. Take one, or return Row, Optional<Row>, List<Row> or Stream<Row>
  @OnEvent void event(Event e, State s, Group group) {}
}
