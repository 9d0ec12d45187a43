package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.AtEnd;
import dev.tidemark.Late;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.TimedGroup;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;

/** The bookkeeping of a group on runners that forget no timer, and under a clock that goes backwards. */
final class TimedGroupTest {
    private final KeptCell cell = new KeptCell();
    private final RecordedTimer wake = new RecordedTimer();
    private final RecordedTimer end = new RecordedTimer();

    private static TimedGroup group(TimeoutDomain domain, long after) {
        return new TimedGroup(
                new GroupSettings(
                        "test", 1, domain, after, TimeoutFrom.MAX_EVENT, 0, 0, Late.DROP, AtEnd.FIRE_TIMEOUTS, 0),
                () -> {});
    }

    private void event(TimedGroup group, long time, boolean close) {
        group.load(cell.value, GlobalWindow.INSTANCE);
        group.beginEvent(time, false);
        if (close) {
            group.close();
        }
        group.commitEvent(false);
        group.arm(wake);
        group.store(cell, cell.value);
    }

    @Test
    void aTimerThatIsSetEarlyEnoughIsNotSetAgain() {
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 10);
        event(group, 0, false);
        event(group, 5, false);
        event(group, 7, false);
        assertThat(wake.settings).containsExactly(11L);
        assertThat(cell.value.deadline()).isEqualTo(17);
    }

    @Test
    void anEventThatChangesNothingWritesNothing() {
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 10);
        event(group, 5, false);
        event(group, 5, false);
        event(group, 3, false);
        assertThat(cell.writes).isEqualTo(1);
    }

    private void waits(TimedGroup group, long time) {
        group.load(cell.value, GlobalWindow.INSTANCE);
        if (group.buffered(time)) {
            group.arm(wake);
            group.store(cell, cell.value);
        }
    }

    @Test
    void anEventThatWaitsBehindAnEarlierOneNeedsNeitherTheTimerNorTheCell() {
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 10);
        waits(group, 20);
        waits(group, 20);
        waits(group, 25);
        assertThat(wake.settings).containsExactly(21L);
        assertThat(cell.writes).isEqualTo(1);
        waits(group, 15);
        assertThat(wake.settings).containsExactly(21L, 16L);
        assertThat(cell.writes).isEqualTo(2);
    }

    @Test
    void aTimeoutOfAnEarlierVersionThatHadOneIsForgotten() {
        event(group(TimeoutDomain.EVENT_TIME, 10), 0, false);
        TimedGroup group = group(TimeoutDomain.NONE, 0);
        group.load(cell.value, GlobalWindow.INSTANCE);
        assertThat(group.wakes(Instant.ofEpochMilli(100), wake)).isTrue();
        assertThat(group.isDue()).isFalse();
        group.arm(wake);
        group.store(cell, cell.value);
        assertThat(cell.value.deadline()).isEqualTo(Kept.NONE);
        assertThat(cell.value.rest().exists()).isTrue();
    }

    @Test
    void eventsThatWereLeftBehindWithTheInboxOfAnEarlierVersionAreNotWaitedFor() {
        TimedGroup before = group(TimeoutDomain.EVENT_TIME, 10);
        waits(before, 20);
        event(before, 15, false);
        assertThat(wake.settings).containsExactly(21L);

        // This one has no inbox.
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 10);
        group.load(cell.value, GlobalWindow.INSTANCE);
        assertThat(group.wakes(Instant.ofEpochMilli(24), wake)).isTrue();
        assertThat(group.isDue()).isFalse();
        group.arm(wake);
        group.store(cell, cell.value);
        assertThat(wake.settings).containsExactly(21L, 26L);
        assertThat(cell.value.rest().minBuffered()).isEqualTo(Kept.NONE);
    }

    @Test
    void aTimerOfAnEarlierLifeThatFiresNeverthelessIsIgnored() {
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 10);
        event(group, 0, false);
        event(group, 1, true);
        assertThat(cell.value).as("what stays of a group that is over").isNull();
        group.load(cell.value, GlobalWindow.INSTANCE);
        assertThat(group.wakes(Instant.ofEpochMilli(11), wake)).isFalse();
        event(group, 20, false);
        group.load(cell.value, GlobalWindow.INSTANCE);
        assertThat(group.wakes(Instant.ofEpochMilli(11), wake)).isFalse();
        assertThat(group.wakes(Instant.ofEpochMilli(31), wake)).isTrue();
        assertThat(group.isDue()).isTrue();
    }

    private void clockEvent(TimedGroup group, long clock) {
        wake.now = clock;
        group.load(cell.value, GlobalWindow.INSTANCE);
        group.beginEvent(0, wake);
        group.commitEvent(false);
        group.armByClock(wake, end);
        group.store(cell, cell.value);
    }

    private boolean clockFires(TimedGroup group, long clock) {
        wake.now = clock;
        group.load(cell.value, GlobalWindow.INSTANCE);
        boolean due = group.wakesByClock(Instant.ofEpochMilli(0), wake);
        if (!due) {
            group.armByClock(wake, end);
            group.store(cell, cell.value);
        }
        return due;
    }

    @Test
    void aClockThatWentBackwardsDelaysTheTimeoutAndLosesItNot() {
        TimedGroup group = group(TimeoutDomain.PROCESSING_TIME, 10);
        clockEvent(group, 100);
        assertThat(wake.settings).containsExactly(110L);
        assertThat(clockFires(group, 104)).isFalse();
        assertThat(wake.settings).containsExactly(110L, 110L);
        assertThat(clockFires(group, 110)).isTrue();
    }

    @Test
    void anEventAfterTheClockWentBackwardsDoesNotShortenTheTimeout() {
        TimedGroup group = group(TimeoutDomain.PROCESSING_TIME, 10);
        clockEvent(group, 100);
        clockEvent(group, 50);
        assertThat(clockFires(group, 60)).isFalse();
        assertThat(clockFires(group, 110)).isTrue();
    }

    @Test
    void stateOfANewerProgramIsRefusedByName() {
        cell.value = new Kept<>(null, 2, Kept.NONE, Kept.NONE, Kept.NONE, Kept.Rest.USUAL);
        assertThatThrownBy(() -> group(TimeoutDomain.NONE, 0).load(cell.value, GlobalWindow.INSTANCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("test: the state was written by version 2, this is version 1; run the newer program");
    }

    @Test
    void anEventThatChangesNeitherTheFieldsNorTheBookkeepingIsNotWritten() {
        TimedGroup group = group(TimeoutDomain.NONE, 0);
        event(group, 0, false);
        event(group, 1, false);
        assertThat(cell.writes).isEqualTo(1);
    }

    @Test
    void theFieldsAreWrittenAlongWithTheBookkeepingAndRemainWithoutBeingWrittenAnew() {
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 10);
        group.load(cell.value, GlobalWindow.INSTANCE);
        group.beginEvent(0, false);
        group.commitEvent(false);
        group.store(cell, cell.value, "fields");
        event(group, 5, false);
        assertThat(cell.value.fields()).isEqualTo("fields");
        assertThat(cell.value.deadline()).isEqualTo(15);
        assertThat(cell.writes).isEqualTo(2);
    }

    @Test
    void aHandleKeptBeyondItsCallIsRefused() {
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 10);
        event(group, 0, false);
        assertThatThrownBy(group::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a group can be used only until its handler returns");
        assertThatThrownBy(() -> group.at(java.time.Instant.EPOCH)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTimeoutAtNoTimeIsRefused() {
        TimedGroup group = group(TimeoutDomain.EVENT_TIME, 0);
        group.load(cell.value, GlobalWindow.INSTANCE);
        group.beginEvent(0, false);
        assertThatThrownBy(() -> group.at(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the time of a timeout must not be null");
        assertThatThrownBy(() -> group.after(null, java.time.Duration.ofMillis(1)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the time of a timeout must not be null");
    }

    @Test
    void settingsThatCannotBeAreRefusedWhereTheyAreMade() {
        GroupSettings settings = new GroupSettings(
                "test", 1, TimeoutDomain.EVENT_TIME, 1, TimeoutFrom.MAX_EVENT, 1, 0, Late.DROP, AtEnd.DISCARD, 0);
        assertThatThrownBy(() -> settings.withTimeoutAfter(java.time.Duration.ZERO))
                .hasMessage("test: a duration must be at least a millisecond, but is PT0S");
        assertThatThrownBy(() -> settings.withMaxAge(java.time.Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("test: a duration must be at most ");
        assertThatThrownBy(() -> settings.withLateness(java.time.Duration.ofMillis(-1)))
                .hasMessage("test: the lateness must not be negative, but is PT-0.001S");
        assertThat(settings.withLateness(java.time.Duration.ZERO).lateness()).isZero();
    }
}
