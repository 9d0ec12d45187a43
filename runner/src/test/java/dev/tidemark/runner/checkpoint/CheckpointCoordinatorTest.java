package dev.tidemark.runner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.store.MemoryStore;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckpointCoordinatorTest {
    private final MemoryStore store = new MemoryStore();
    private final CheckpointCoordinator coordinator = new CheckpointCoordinator(store, 2);

    private static Snapshot snapshot(int task, long epoch) {
        return new Snapshot(task, epoch, Map.of("task/" + task, new byte[] {(byte) epoch}));
    }

    @Test
    void anEpochIsCommittedWhenTheLastSnapshotIsIn() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.snapshot(snapshot(0, 1))).isEmpty();
        assertThat(store.get(CheckpointCoordinator.EPOCH_ROW)).isNull();

        assertThat(coordinator.snapshot(snapshot(1, 1))).hasValue(1);

        assertThat(store.get(CheckpointCoordinator.EPOCH_ROW)).isNotNull();
        assertThat(store.scan("task/")).hasSize(2);
    }

    @Test
    void oneCheckpointIsUnderWayAtATime() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.start()).isEmpty();
    }

    @Test
    void aTaskThatEndedIsPartOfEveryLaterEpoch() {
        assertThat(coordinator.ended(0, Map.of())).isEmpty();
        assertThat(coordinator.start()).hasValue(1);

        assertThat(coordinator.snapshot(snapshot(1, 1))).hasValue(1);
        assertThat(coordinator.start()).hasValue(2);
        assertThat(coordinator.snapshot(snapshot(1, 2))).hasValue(2);
    }

    @Test
    void theEndOfTheLastTaskCommitsAFinalEpoch() {
        assertThat(coordinator.ended(0, Map.of())).isEmpty();
        assertThat(coordinator.ended(1, Map.of("last", new byte[0]))).hasValue(1);

        assertThat(store.get("last")).isNotNull();
        assertThat(coordinator.start()).isEmpty();
    }

    @Test
    void aTaskThatEndsDuringACheckpointCompletesIt() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.snapshot(snapshot(0, 1))).isEmpty();
        assertThat(coordinator.ended(1, Map.of())).hasValue(1);
        assertThat(coordinator.ended(0, Map.of())).hasValue(2);
    }

    @Test
    void aTaskThatEndedAfterItsSnapshotIsToldOfItsEndThoughTheLastToEndNeverTookPart() {
        assertThat(coordinator.start()).hasValue(1);
        assertThat(coordinator.snapshot(snapshot(0, 1))).isEmpty();
        assertThat(coordinator.ended(0, Map.of("last", new byte[0]))).isEmpty();

        // Task 0 waits for an epoch after the one that it took part in: nothing but this can bring it.
        assertThat(coordinator.ended(1, Map.of())).hasValue(2);
    }

    @Test
    void aSnapshotOfAnotherEpochIsABrokenInvariant() {
        assertThat(coordinator.start()).hasValue(1);
        assertThatThrownBy(() -> coordinator.snapshot(snapshot(0, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("epoch 2 while at 1");
    }
}
