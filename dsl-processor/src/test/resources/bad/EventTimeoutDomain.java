package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group,
      // ERROR [Tidemark/EventTimeoutDomain] an EventTimeout cannot be set in this group, whose timeout is NONE; write timeout = @Timeout(EVENT_TIME)
      EventTimeout timeout) { return new Row(e.user()); }
}
