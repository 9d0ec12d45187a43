package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  public record Place(double lat, double lon) {}
  @GroupInput public record Event(
      // ERROR [Tidemark/KeyNotDeterministic] Event.place.lat cannot be a key, or part of one: it is a double, and floating point numbers that are equal can be stored apart. Round it to a long, or use a String
      @Key Place place,
      @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
