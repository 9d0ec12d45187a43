package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event event, State s, Group group) { return new Row(event.user()); }
  // ERROR [Tidemark/HandlerTwice] events is @OnEvents and event is @OnEvent, but an event goes to one of them; keep one
  @OnEvents Row events(List<Event> events, State s, Group group) { return new Row(events.get(0).user()); }
}
