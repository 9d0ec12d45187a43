package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  // ERROR [Tidemark/TypeShape] @GroupOutput: Row has type parameters; write a type without any, so that its encoding is known
  @GroupOutput public record Row<T>(String user) {}
  @OnEvent void event(Event e, State s, Group group, Out<Row<String>> out) {}
}
