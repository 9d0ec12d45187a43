package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State {
    // ERROR [Tidemark/StateFieldModifiers] State.count is private, so generated code cannot set it; remove private
    private int count;
    // ERROR [Tidemark/StateFieldModifiers] State.limit is final, so generated code cannot set it; remove final
    final int limit = 3;
  }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
