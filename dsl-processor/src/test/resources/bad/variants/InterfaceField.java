package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupInput public record Event(@Key String user, @EventTime Instant time) {}
  // ERROR [Tidemark/FieldType] cannot store State.text of type CharSequence. Storable are: String, the primitives and their boxes, byte[], enums, the types of java.time, Joda Instant and Duration, Optional, records of these, sealed interfaces of records, and List, Set and Map of these
  @GroupState public static class State { CharSequence text; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row("a"); }
}
