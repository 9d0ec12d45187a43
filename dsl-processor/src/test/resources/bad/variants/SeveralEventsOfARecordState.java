package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public record State(int count) {}
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerShape] events is not static; the state State is a record, which a handler replaces: write static Step<State, Row> events(List<Event> events, Optional<State> old)
  @OnEvents Step<State, Row> events(List<Event> events, Optional<State> old) { return Step.keep(); }
}
