package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerParameter] events cannot be given a shop.Visits.Event event. It can take: List<Event>, @Key String, State, Group, Out<Row>
  @OnEvents Row events(Event event, State s, Group group) { return new Row("row"); }
}
