package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

// ERROR [Tidemark/RoleMissing] which type does Visits remember? Annotate one nested in Visits with @GroupState, or name one that is annotated in one of its handlers
@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, Group group) { return new Row(e.user()); }
}
