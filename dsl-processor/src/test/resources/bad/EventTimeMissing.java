package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(
    name = "visits",
    // WARNING [Tidemark/EventTimeMissing] the group lives by event time, but no component of Event says when it happened; the timestamp of the element is taken. Mark one with @EventTime, or suppress with @SuppressWarnings("Tidemark/EventTimeMissing")
    order = Order.EVENT_TIME)
public final class Visits {
  @GroupInput public record Event(@Key String user) {}
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
