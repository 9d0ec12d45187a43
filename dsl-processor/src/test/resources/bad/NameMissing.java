package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

// ERROR [Tidemark/NameMissing] the group needs a name: it is the identity of its state, and must never change. Write name = "shop-visits"
@StatefulGroup(name = "")
public final class ShopVisits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
