package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  @GroupState public static class State {
    @FieldNumber(1) int count;
    // ERROR [Tidemark/FieldNumber] State.other has the field number 1, as State.count; give it another one
    @FieldNumber(1) int other;
    // ERROR [Tidemark/FieldNumber] State.last has the field number 0; it must be from 1 to 65535
    @FieldNumber(0) int last;
  }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
