package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group, Alarm reminder) { return new Row(e.user()); }
  // ERROR [Tidemark/AlarmNeedsTimeout] an alarm is measured as the timeout is, and the group has none; write timeout = @Timeout(EVENT_TIME) or timeout = @Timeout(PROCESSING_TIME)
  @OnAlarm("reminder") void remind(State s) {}
}
