package shop;

import dev.tidemark.*;
import java.time.Instant;
import java.util.*;

// ERROR [Tidemark/AnchorKind] @StatefulGroup belongs on the class with the handlers; Visits is an interface
@StatefulGroup(name = "visits")
public interface Visits {}
