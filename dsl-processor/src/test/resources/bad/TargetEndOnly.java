package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

// OPTION -Atidemark.targets=spark-batch
@StatefulGroup(
    name = "visits",
    // WARNING [Tidemark/TargetEndOnly] on spark-batch a timeout by the wall clock fires at the end of the input only, whenever it was to fire. Suppress with @SuppressWarnings("Tidemark/TargetEndOnly") if that will do
    timeout = @Timeout(TimeoutDomain.PROCESSING_TIME))
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group, ClockTimeout t) { return new Row(e.user()); }
}
