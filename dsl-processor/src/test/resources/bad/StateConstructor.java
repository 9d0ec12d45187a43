package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  // ERROR [Tidemark/StateConstructor] State has no constructor without arguments, so no empty state can be made; add State() {}
  @GroupState public static class State {
    int count;
    State(int count) { this.count = count; }
  }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
