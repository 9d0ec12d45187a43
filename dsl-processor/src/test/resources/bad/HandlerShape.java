package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerShape] event is private; the generated class in the same package must call it. Remove private
  @OnEvent private Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
