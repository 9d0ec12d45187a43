package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public sealed interface Event permits Login, Logout {}
  public record Login(@Key String user, @EventTime Instant time) implements Event {}
  // ERROR [Tidemark/KeySignature] Logout has another key than Login: all records of Event must have the same, of the same names and types
  public record Logout(@Key long user, @EventTime Instant time) implements Event {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(""); }
}
