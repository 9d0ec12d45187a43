package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
  // ERROR [Tidemark/KeySignature] the key of "visits" is stated twice: by key() and by @Key on a component of Event; keep one
  @Key static String key(Event e) { return e.user(); }
}
