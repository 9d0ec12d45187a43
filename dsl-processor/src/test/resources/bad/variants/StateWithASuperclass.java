package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  // ERROR [Tidemark/RoleKind] the state State extends java.util.ArrayList<String>, whose fields would not be stored; write the fields into State
  @GroupState public static class State extends ArrayList<String> { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
