package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(
      // ERROR [Tidemark/KeyNotDeterministic] Event.user cannot be a key, or part of one: arrays with equal content are different keys in Java. Use a String or a List
      @Key byte[] user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
