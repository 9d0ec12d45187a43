package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.AtEnd;
import dev.tidemark.Late;
import dev.tidemark.Step;
import dev.tidemark.TimeoutDomain;
import dev.tidemark.TimeoutFrom;
import dev.tidemark.runtime.GroupSettings;
import dev.tidemark.runtime.Kept;
import dev.tidemark.runtime.TimedGroup;
import dev.tidemark.runtime.UntimedGroup;
import java.util.Objects;
import java.util.Random;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bookkeeping of a group that only handles events as they come: that of any group, but for what it has no use for. */
final class UntimedGroupTest {
    private final KeptCell cell = new KeptCell();
    private final RecordedTimer wake = new RecordedTimer();

    private static GroupSettings settings(TimeoutDomain domain, long after, long ttl) {
        GroupSettings settings = new GroupSettings(
                "test", 1, domain, after, TimeoutFrom.MAX_EVENT, 0, 0, Late.DROP, AtEnd.FIRE_TIMEOUTS, 0);
        return ttl == 0 ? settings : settings.withTtl(java.time.Duration.ofMillis(ttl));
    }

    private void event(UntimedGroup group, long time) {
        group.load(cell.value, GlobalWindow.INSTANCE);
        group.beginEvent(time);
        group.commitEvent(false);
        group.arm(wake);
        group.store(cell, cell.value);
    }

    /** One group, kept by either kind of books. */
    private static final class Both {
        private final KeptCell cell = new KeptCell();
        private final KeptCell otherCell = new KeptCell();
        private final RecordedTimer wake = new RecordedTimer();
        private final RecordedTimer otherWake = new RecordedTimer();
        private final UntimedGroup group;
        private final TimedGroup other;
        private final BoundedWindow window;

        Both(GroupSettings settings, BoundedWindow window) {
            this.group = new UntimedGroup(settings);
            this.other = new TimedGroup(settings);
            this.window = window;
        }

        void event(long time, boolean closes, boolean writesAfter, boolean fails, String fields) {
            load();
            assertThat(group.isStaleBefore(time)).isEqualTo(other.isStaleBefore(time));
            group.beginEvent(time);
            other.beginEvent(time, false);
            assertThat(group.isNew()).isEqualTo(other.isNew());
            if (closes) {
                group.close();
                other.close();
            }
            if (fails) {
                group.rollBack();
                other.rollBack();
            } else {
                group.commitEvent(closes && writesAfter);
                other.commitEvent(closes && writesAfter);
                assertThat(group.isForgotten()).isEqualTo(other.isForgotten());
            }
            assertThat(group.timestamp()).isEqualTo(other.timestamp());
            String stored = Kept.fieldsOf(cell.value);
            store(fails ? stored : group.isForgotten() ? null : fields);
        }

        void fires(long time, long watermark) {
            wake.now = watermark;
            otherWake.now = watermark;
            load();
            boolean heeded = group.wakes(Instant.ofEpochMilli(time), wake);
            assertThat(heeded).isEqualTo(other.wakes(Instant.ofEpochMilli(time), otherWake));
            if (!heeded) {
                return;
            }
            boolean due = group.isDue();
            assertThat(due).isEqualTo(other.isDue());
            if (due) {
                assertThat(other.next()).isEqualTo(TimedGroup.TTL);
                group.forgetStale();
                other.forgetStale();
                assertThat(other.isDue()).isFalse();
            }
            store(due ? null : Kept.fieldsOf(cell.value));
        }

        private void load() {
            group.load(cell.value, window);
            other.load(otherCell.value, window);
        }

        private void store(String fields) {
            group.arm(wake);
            other.arm(otherWake);
            group.store(cell, cell.value, fields);
            other.store(otherCell, otherCell.value, fields);
            assertThat(wake.settings).isEqualTo(otherWake.settings);
            assertThat(cell.writes).isEqualTo(otherCell.writes);
            assertThat(told(cell.value)).isEqualTo(told(otherCell.value));
        }

        private static String told(Kept<String> kept) {
            return kept == null
                    ? "nothing"
                    : kept.fields() + " " + kept.touched() + " " + kept.armed() + " " + kept.deadline() + " "
                            + kept.rest();
        }

        String told() {
            return told(cell.value);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 50, 400})
    void theBooksAreThoseOfAnyOtherGroup(long ttl) {
        for (BoundedWindow window : new BoundedWindow[] {
            GlobalWindow.INSTANCE, new IntervalWindow(Instant.ofEpochMilli(0), Duration.millis(600))
        }) {
            for (long seed = 1; seed <= 200; seed++) {
                Random random = new Random(seed);
                Both both = new Both(settings(TimeoutDomain.NONE, 0, ttl), window);
                StringBuilder done = new StringBuilder("seed " + seed + ", " + window);
                try {
                    for (int step = 0; step < 40; step++) {
                        long time = random.nextInt(600);
                        if (random.nextInt(4) == 0) {
                            long watermark = random.nextInt(1_200);
                            done.append("\n  fires ")
                                    .append(time)
                                    .append(" at ")
                                    .append(watermark);
                            both.fires(time, watermark);
                        } else {
                            boolean closes = random.nextInt(5) == 0;
                            boolean writes = random.nextBoolean();
                            boolean fails = random.nextInt(10) == 0;
                            String fields = Objects.toString(random.nextInt(3));
                            done.append("\n  event ").append(time);
                            both.event(time, closes, writes, fails, fields);
                        }
                        done.append(": ").append(both.told());
                    }
                } catch (AssertionError e) {
                    throw new AssertionError(done.toString(), e);
                }
            }
        }
    }

    @Test
    void anEventThatChangesNothingWritesNothing() {
        UntimedGroup group = new UntimedGroup(settings(TimeoutDomain.NONE, 0, 10));
        event(group, 5);
        event(group, 5);
        event(group, 3);
        assertThat(cell.writes).isEqualTo(1);
        assertThat(wake.settings).containsExactly(16L);
    }

    @Test
    void aTimeoutOfAnEarlierVersionThatHadOneIsForgotten() {
        TimedGroup before = new TimedGroup(settings(TimeoutDomain.EVENT_TIME, 10, 0));
        before.load(null, GlobalWindow.INSTANCE);
        before.beginEvent(5, false);
        before.commitEvent(false);
        before.arm(wake);
        before.store(cell, null, "fields");
        assertThat(cell.value.deadline()).isEqualTo(15);

        UntimedGroup group = new UntimedGroup(settings(TimeoutDomain.NONE, 0, 1_000));
        group.load(cell.value, GlobalWindow.INSTANCE);
        assertThat(group.wakes(Instant.ofEpochMilli(16), wake)).isTrue();
        assertThat(group.isDue()).isFalse();
        event(group, 20);
        assertThat(cell.value.deadline()).isEqualTo(Kept.NONE);
        assertThat(cell.value.fields()).isEqualTo("fields");
        assertThat(cell.value.touched()).isEqualTo(20);
    }

    @Test
    void aTimeoutThatAStepSetsIsRefused() {
        UntimedGroup group = new UntimedGroup(settings(TimeoutDomain.NONE, 0, 0));
        group.load(null, GlobalWindow.INSTANCE);
        group.beginEvent(0);
        assertThatThrownBy(() -> group.take(Step.replace("state").timeoutAt(java.time.Instant.EPOCH)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a timeout in EVENT_TIME is set, but that of the group is in NONE");
    }

    @Test
    void aHandleKeptBeyondItsCallIsRefused() {
        UntimedGroup group = new UntimedGroup(settings(TimeoutDomain.NONE, 0, 0));
        event(group, 0);
        assertThatThrownBy(group::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a group can be used only until its handler returns");
    }
}
