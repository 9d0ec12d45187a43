package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

// WARNING [Tidemark/NeverFreed] the state of "visits" is never freed in the global window: the group has no timeout, and its handler takes no Group to close. Suppress with @SuppressWarnings("Tidemark/NeverFreed") if the keys are few
@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s) { return new Row(e.user()); }
}
