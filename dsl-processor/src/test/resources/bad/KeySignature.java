package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
  // ERROR [Tidemark/KeySignature] key computes the key, so it must be: @Key static String key(Event input)
  @Key String key(Event e) { return e.user(); }
}
