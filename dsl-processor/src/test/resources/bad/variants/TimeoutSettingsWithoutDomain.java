package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits",
    // ERROR [Tidemark/TimeoutNeverFires] the timeout can never fire: the group says timeout = NONE. Write @Timeout(value = EVENT_TIME, ...) or @Timeout(value = PROCESSING_TIME, ...)
    timeout = @Timeout(after = "5s"))
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
