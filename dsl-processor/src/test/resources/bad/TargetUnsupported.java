package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.targets=direct,spark-streaming
// ERROR [Tidemark/TargetUnsupported] "visits" does not run on spark-streaming, which rejects event-time timers: the group has order = EVENT_TIME. Leave the target out, or the group by the clock
@StatefulGroup(name = "visits", order = Order.EVENT_TIME)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
