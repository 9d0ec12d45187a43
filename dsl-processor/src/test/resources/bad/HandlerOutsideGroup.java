package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

final class Visits {
  // ERROR [Tidemark/HandlerOutsideGroup] @OnEvent means something only in a @StatefulGroup class; Visits is none
  @OnEvent void event(String e) {}
}
