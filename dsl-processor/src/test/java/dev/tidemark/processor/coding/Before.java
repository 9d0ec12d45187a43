package dev.tidemark.processor.coding;

import dev.tidemark.FieldNumber;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;
import java.util.Optional;

/** What was stored by a former version of {@link After}. */
@StatefulGroup(name = "before")
final class Before {
    @GroupInput
    record Event(@Key String key) {}

    @GroupState
    static class State {
        int count = 1;
        String gone = "gone";

        @FieldNumber(7)
        String name = "name";

        float ratio = 0.5f;
    }

    @GroupOutput
    record Row(String key, int amount, @FieldNumber(7) String name, float ratio, String gone) {}

    @OnEvent
    Optional<Row> event(Event event, State state, Group group) {
        group.close();
        return Optional.empty();
    }
}
