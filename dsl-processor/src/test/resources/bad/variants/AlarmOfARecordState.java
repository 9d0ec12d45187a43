package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits", timeout = @Timeout(TimeoutDomain.EVENT_TIME), order = Order.EVENT_TIME)
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public record State(int count) {}
  @GroupOutput public record Row(String user) {}
  @OnEvent static Step<State, Row> event(Event e, Optional<State> old) { return Step.keep(); }
  // ERROR [Tidemark/HandlerShape] remind cannot be: a group whose state is a record has @OnEvent, @OnTimeout and @OnInitial alone; write the state as a class
  @OnAlarm("reminder") static Step<State, Row> remind(State old) { return Step.keep(); }
}
