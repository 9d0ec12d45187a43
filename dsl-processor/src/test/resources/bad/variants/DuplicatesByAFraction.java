package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @Deduplicate(
      // ERROR [Tidemark/DeduplicateOn] price cannot tell events apart: it is a double, and floating point numbers that are equal can be stored apart. Round it to a long, or use a String
      on = "price",
      within = "5s")
  @GroupInput public record Event(@Key String user, @EventTime Instant time, double price) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
