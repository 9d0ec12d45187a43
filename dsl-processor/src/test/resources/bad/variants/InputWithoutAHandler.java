package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// ERROR [Tidemark/HandlerMissing] no @OnEvent method takes a Logout, which Event permits. Add: @OnEvent void logout(Logout event, ...) { ... }
@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public sealed interface Event permits Login, Logout {}
  public record Login(@Key String user, @EventTime Instant time) implements Event {}
  public record Logout(@Key String user, @EventTime Instant time) implements Event {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row login(Login e, State s, Group group) { return new Row(e.user()); }
}
