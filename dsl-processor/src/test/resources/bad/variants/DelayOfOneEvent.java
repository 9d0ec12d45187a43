package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/BatchDelayUnused] maxDelay has no effect: a batch of one event waits for no other; write maxBatch = 100, or the most events that events is to be given at once
  @OnEvents(maxDelay = "1s") Row events(List<Event> events, State s, Group group) { return new Row(events.get(0).user()); }
}
