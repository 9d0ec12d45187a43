package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  // ERROR [Tidemark/HandlerParameter] events takes no List<Event>, which it is called for; make it the first parameter
  @OnEvents Row events(State s, Group group) { return new Row("row"); }
}
