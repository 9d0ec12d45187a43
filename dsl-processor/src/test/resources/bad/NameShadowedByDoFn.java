package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

@StatefulGroup(name = "visits")
public final class Visits {
  @GroupState public static class State { int count; }
  @GroupOutput public record Row(String user) {}
  @OnEvent Row event(Element e, State s, Group group) { return new Row(e.user()); }
}

@GroupInput
// ERROR [Tidemark/NameShadowedByDoFn] inside a DoFn the name Element means DoFn.Element; rename shop.Element, or nest it in the group class
record Element(@Key String user) {}
