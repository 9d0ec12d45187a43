package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  // ERROR [Tidemark/OutputName] the rows Late would be late() of VisitsGroup.Result, which means something else; rename the record
  @GroupOutput public record Late(String user) {}
  @OnEvent Late event(Event e, State s, Group group) { return new Late(e.user()); }
}
