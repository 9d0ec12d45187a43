package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.EVENT_TIME)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/AlarmUnknown] no method is @OnAlarm("remindre"), so the alarm of this parameter would call nothing. Did you mean "reminder"?
  @OnEvent Row event(Event e, State s, Group group, Alarm remindre) { return new Row(e.user()); }
  @OnAlarm("reminder") void remind(State s, Alarm reminder) {}
}
