package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(
      // ERROR [Tidemark/KeyNotDeterministic] Event.user cannot be a key, or part of one: it is a Float, and floating point numbers that are equal can be stored apart. Round it to a long, or use a String
      @Key Optional<Float> user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
