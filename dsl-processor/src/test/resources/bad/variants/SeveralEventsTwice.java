package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvents Row events(List<Event> events, State s, Group group) { return new Row(events.get(0).user()); }
  // ERROR [Tidemark/HandlerTwice] two methods are @OnEvents: events and more; keep one
  @OnEvents Row more(Collection<Event> events, State s, Group group) { return new Row("more"); }
}
