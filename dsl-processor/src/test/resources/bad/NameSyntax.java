package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

// ERROR [Tidemark/NameSyntax] "Shop visits!" cannot be the name of a group: use lower-case letters, digits and '-'. Did you mean "shop-visits"?
@StatefulGroup(name = "Shop visits!")
public final class ShopVisits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
