package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerParameter] event takes no Event, which it is called for; make it the first parameter
  @OnEvent Row event(State s, Group group) { return new Row("a"); }
}
