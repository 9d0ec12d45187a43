package dev.tidemark.processor.coding;

import dev.tidemark.FieldNumber;
import dev.tidemark.Group;
import dev.tidemark.GroupInput;
import dev.tidemark.GroupOutput;
import dev.tidemark.GroupState;
import dev.tidemark.Key;
import dev.tidemark.OnEvent;
import dev.tidemark.StatefulGroup;
import java.util.List;
import java.util.Optional;

/** What became of {@link Before}: fields were moved, renamed, widened, removed and added. */
@StatefulGroup(name = "after")
final class After {
    @GroupInput
    record Event(@Key String key) {}

    @GroupState
    static class State {
        @FieldNumber(9)
        List<String> added = List.of("default");

        @FieldNumber(7)
        String title = "title";

        @FieldNumber(3)
        double ratio = 0.25;

        @FieldNumber(1)
        long count = 2;
    }

    @GroupOutput
    record Row(
            @FieldNumber(7) String title,
            @FieldNumber(3) double ratio,
            @FieldNumber(9) Optional<String> added,
            @FieldNumber(10) int more,
            @FieldNumber(2) long amount,
            @FieldNumber(1) String key) {}

    @OnEvent
    Optional<Row> event(Event event, State state, Group group) {
        group.close();
        return Optional.empty();
    }
}
