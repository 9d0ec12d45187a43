package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group,
      // ERROR [Tidemark/HandlerParameter] event cannot be given a dev.tidemark.Cause cause. It can take: Event, @Key String, State, Group, Out<Row>
      Cause cause) { return new Row("a"); }
}
