package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time,
      // ERROR [Tidemark/FieldType] Event.maybe holds java.util.Optional<String>; leave the Optional out, and do not add what is absent
      List<Optional<String>> maybe) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
