package shop;

import dev.tidemark.*;
import java.time.*;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State {
    // ERROR [Tidemark/CellField] State.times is a Bag, which has a cell of its own already; remove @Cell
    @Cell Bag<Long> times;
    // ERROR [Tidemark/CellField] State.photo is an Optional with a cell of its own; leave the Optional out, and let null say that there is nothing
    @Cell Optional<String> photo;
  }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
