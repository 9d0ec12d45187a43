package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public record State(int count) {}
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerReturn] event returns dev.tidemark.Step<String,shop.Visits.Row>, but the state State is a record, which a handler replaces: return Step<State, Row>
  @OnEvent static Step<String, Row> event(Event e, Optional<State> s) { return Step.keep(); }
}
