package dev.tidemark.runner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.store.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckpointCoordinatorTest {
    private final CheckpointCoordinator coordinator = new CheckpointCoordinator(2, 0, List.of());

    private static Changes changes(int task) {
        Changes changes = new Changes();
        changes.put(new byte[] {(byte) task}, new byte[0]);
        return changes;
    }

    private static Snapshot snapshot(int task, long epoch) {
        return new Snapshot(task, epoch, changes(task));
    }

    /** The epoch of a commit and the tasks it has changes of. */
    private static String text(Optional<Commit> commit) {
        if (commit.isEmpty()) {
            return "nothing";
        }
        List<Integer> tasks = new ArrayList<>();
        commit.get().changes().forEach(each -> each.forEach((key, value) -> tasks.add((int) key[0])));
        return commit.get().epoch() + " of " + tasks;
    }

    @Test
    void anEpochIsCommittedWhenTheLastSnapshotIsIn() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.snapshot(snapshot(0, 1))).isEmpty();
        assertThat(text(coordinator.snapshot(snapshot(1, 1)))).isEqualTo("1 of [0, 1]");
    }

    @Test
    void epochsGoOnFromTheOneThatWasRestored() {
        assertThat(new CheckpointCoordinator(1, 41, List.of()).start()).hasValue(42);
    }

    @Test
    void oneCheckpointIsUnderWayAtATimeUntilItIsDurable() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.start()).isEmpty();
        coordinator.snapshot(snapshot(0, 1));
        coordinator.snapshot(snapshot(1, 1));
        assertThat(coordinator.start()).isEmpty();

        assertThat(coordinator.committed()).isEmpty();
        assertThat(coordinator.start()).hasValue(2);
    }

    @Test
    void aTaskThatEndedIsPartOfEveryLaterEpoch() {
        assertThat(coordinator.ended(0, changes(0))).isEmpty();
        assertThat(coordinator.start()).hasValue(1);

        assertThat(text(coordinator.snapshot(snapshot(1, 1)))).isEqualTo("1 of [0, 1]");
        coordinator.committed();
        assertThat(coordinator.start()).hasValue(2);
        assertThat(text(coordinator.snapshot(snapshot(1, 2)))).isEqualTo("2 of [1]");
    }

    @Test
    void theEndOfTheLastTaskCommitsAFinalEpoch() {
        assertThat(coordinator.ended(0, changes(0))).isEmpty();
        assertThat(text(coordinator.ended(1, changes(1)))).isEqualTo("1 of [0, 1]");
        assertThat(coordinator.committed()).isEmpty();
        assertThat(coordinator.start()).isEmpty();
    }

    @Test
    void aTaskThatEndsDuringACheckpointCompletesIt() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.snapshot(snapshot(0, 1))).isEmpty();
        assertThat(text(coordinator.ended(1, changes(1)))).isEqualTo("1 of [0, 1]");
        assertThat(coordinator.ended(0, changes(0))).isEmpty();
        assertThat(text(coordinator.committed())).isEqualTo("2 of [0]");
    }

    @Test
    void whatATaskChangesAfterItsBarrierIsNotPartOfThatEpoch() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.snapshot(snapshot(0, 1))).isEmpty();
        Changes later = new Changes();
        later.put(new byte[] {7}, new byte[0]);
        assertThat(coordinator.ended(0, later)).isEmpty();

        assertThat(text(coordinator.snapshot(snapshot(1, 1)))).isEqualTo("1 of [0, 1]");
        assertThat(coordinator.committed()).isEmpty();
        assertThat(coordinator.start()).hasValue(2);
        assertThat(text(coordinator.snapshot(snapshot(1, 2)))).isEqualTo("2 of [7, 1]");
    }

    @Test
    void aTaskThatEndedAfterItsSnapshotIsToldOfItsEndThoughTheLastToEndNeverTookPart() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.snapshot(snapshot(0, 1))).isEmpty();
        assertThat(coordinator.ended(0, changes(0))).isEmpty();

        // Task 0 waits for an epoch after the one that it took part in: nothing but this can bring it.
        assertThat(text(coordinator.ended(1, changes(1)))).isEqualTo("1 of [0, 1]");
        assertThat(text(coordinator.committed())).isEqualTo("2 of [0]");
    }

    @Test
    void whatAnAbandonedCommitWasToChangeIsPartOfTheNext() {
        coordinator.start();
        coordinator.snapshot(snapshot(0, 1));
        coordinator.snapshot(snapshot(1, 1));
        assertThat(coordinator.abandoned()).isEmpty();

        assertThat(coordinator.start()).hasValue(2);
        coordinator.snapshot(snapshot(0, 2));
        assertThat(text(coordinator.snapshot(snapshot(1, 2)))).isEqualTo("2 of [0, 1, 0, 1]");
    }

    @Test
    void anAbandonedFinalCommitIsFollowedByAnother() {
        coordinator.ended(0, changes(0));
        coordinator.ended(1, changes(1));
        assertThat(text(coordinator.abandoned())).isEqualTo("2 of [0, 1]");
        assertThat(coordinator.committed()).isEmpty();
    }

    @Test
    void aSnapshotOfAnotherEpochIsABrokenInvariant() {
        assertThat(coordinator.start()).hasValue(1);
        assertThatThrownBy(() -> coordinator.snapshot(snapshot(0, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("epoch 2 while at 1");
    }
}
