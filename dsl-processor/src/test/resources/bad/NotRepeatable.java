package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { Instant last; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) {
    // WARNING [Tidemark/NotRepeatable] event calls Instant.now(), which gives something else when the call is repeated after a failure. Take the time from the event or group.eventTime(), and chance from the event
    s.last = Instant.now();
    return new Row(e.user());
  }
}
