package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/BatchNeedsDelay] the last events of a key would wait for ever for others; say for how long: maxDelay = "1s"
  @OnEvents(maxBatch = 100) Row events(List<Event> events, State s, Group group) { return new Row(events.get(0).user()); }
}
