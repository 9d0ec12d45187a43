package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  public record Detail(
      // ERROR [Tidemark/FieldType] cannot store Detail.timer of type java.util.Timer. Storable are: String, the primitives and their boxes, byte[], enums, the types of java.time, Joda Instant and Duration, Optional, records of these, sealed interfaces of records, and List, Set and Map of these
      java.util.Timer timer) {}
  public record Node(
      // ERROR [Tidemark/FieldType] Node.next leads back to Node, which would contain itself; hold an id instead
      List<Node> next) {}
  @GroupInput public record Event(@Key String user, @EventTime Instant time, Optional<Detail> detail) {}
  @GroupState public static class State {
    // ERROR [Tidemark/FieldType] State.raw is a raw java.util.List; say of what, for example java.util.List<String>
    @SuppressWarnings("rawtypes") List raw;
    Node node;
    // ERROR [Tidemark/FieldType] State.names is a raw dev.tidemark.Bag; say of what, for example dev.tidemark.Bag<String>
    @SuppressWarnings("rawtypes") Bag names;
  }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Event e, State s, Group group) { return new Row(e.user()); }
}
