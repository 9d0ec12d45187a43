package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
  // ERROR [Tidemark/InitialNeedsOrder] start is to be called before the events of its key, which only order = EVENT_TIME can see to; write order = EVENT_TIME
  @OnInitial void start(State s) {}
}
