package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.EVENT_TIME)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group, Alarm reminder) { return new Row(e.user()); }
  // ERROR [Tidemark/AlarmName] "first reminder" cannot be the name of an alarm, which is that of a parameter: Alarm reminder
  @OnAlarm("first reminder") void remind(State s) {}
  @OnAlarm("reminder") void again(State s) {}
  // ERROR [Tidemark/AlarmName] two methods are @OnAlarm("reminder"); an alarm calls one
  @OnAlarm("reminder") void third(State s) {}
}
