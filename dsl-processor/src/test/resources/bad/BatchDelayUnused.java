package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits", order = Order.EVENT_TIME)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/BatchDelayUnused] maxDelay has no effect: with order = EVENT_TIME events wait for the watermark; leave it out
  @OnEvents(maxBatch = 100, maxDelay = "1s") Row events(List<Event> events, State s, Group group) { return new Row(events.get(0).user()); }
}
