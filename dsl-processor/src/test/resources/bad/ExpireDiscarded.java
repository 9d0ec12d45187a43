package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// ERROR [Tidemark/ExpireDiscarded] atEnd = DISCARD forgets a group at the end of its window, where end is to be called; remove one of the two
@StatefulGroup(name = "visits", atEnd = AtEnd.DISCARD)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
  @OnExpire void end(State s) {}
}
