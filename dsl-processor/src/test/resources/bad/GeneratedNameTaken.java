package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
// ERROR [Tidemark/GeneratedNameTaken] VisitsGroup is to be generated for Visits, but a class of that name exists; rename one of them
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}

final class VisitsGroup {}
