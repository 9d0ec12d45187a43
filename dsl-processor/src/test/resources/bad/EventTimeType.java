package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user,
      // ERROR [Tidemark/EventTimeType] time is a String; an event time is a java.time.Instant, a Joda Instant, or long milliseconds
      @EventTime String time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
