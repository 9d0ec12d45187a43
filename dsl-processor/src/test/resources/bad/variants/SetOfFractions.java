package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State {
    // ERROR [Tidemark/KeyNotDeterministic] State.xs cannot be a set of members: it is a Double, and floating point numbers that are equal can be stored apart. Round it to a long, or use a String
    Members<Double> xs; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
