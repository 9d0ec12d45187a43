package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerParameter] event is called for each event, but takes a java.util.List<shop.Visits.Event>. Write @OnEvents, or take one event: Event
  @OnEvent Row event(List<Event> events, State s, Group group) { return new Row("row"); }
}
