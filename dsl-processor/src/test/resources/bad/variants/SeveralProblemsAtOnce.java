package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

// ERROR [Tidemark/NameSyntax] "Visits" cannot be the name of a group: use lower-case letters, digits and '-'. Did you mean "visits"?
@StatefulGroup(name = "Visits",
    // ERROR [Tidemark/OrderNotChosen] choose order = ARRIVAL or order = EVENT_TIME: with an event-time timeout they differ in batch and replay, where ARRIVAL merges groups that streaming would split
    timeout = @Timeout(value = TimeoutDomain.EVENT_TIME,
        // ERROR [Tidemark/TimeoutSyntax] "5 parsecs" is not a timeout: no unit "parsecs". The units are ms, s, m, h, d and their names
        after = "5 parsecs"))
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State {
    // ERROR [Tidemark/StateFieldModifiers] State.count is private, so generated code cannot set it; remove private
    private int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
