package dev.tidemark.runner.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.state.TimeDomain;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TimerQueueTest {
    private final Holds holds = new Holds();
    private final TimerQueue queue = new TimerQueue(holds);

    private static TimerEntry.Id id(String key, String name) {
        return new TimerEntry.Id(key, "window", TimeDomain.EVENT_TIME, "", name);
    }

    private TimerEntry take() {
        TimerEntry first = queue.first(TimeDomain.EVENT_TIME);
        if (first == null) {
            throw new AssertionError("no timer is pending");
        }
        queue.takeOut(first);
        queue.fired(first);
        return first;
    }

    @Test
    void timersComeInTheOrderOfTheirTimes() {
        queue.set(id("a", "t"), "a", 30, 30);
        queue.set(id("b", "t"), "b", 10, 10);
        queue.set(id("c", "t"), "c", 20, 20);

        assertThat(List.of(take().time(), take().time(), take().time())).containsExactly(10L, 20L, 30L);
    }

    @Test
    void settingATimerAgainMovesItAndItsHold() {
        queue.set(id("a", "t"), "a", 10, 5);
        queue.set(id("a", "t"), "a", 40, 35);

        assertThat(holds.minimum()).isEqualTo(35);
        assertThat(queue.size()).isEqualTo(1);
        assertThat(take().time()).isEqualTo(40);
        assertThat(holds.minimum()).isEqualTo(Watermarks.MAX);
    }

    @Test
    void aClearedTimerIsGoneWithItsHold() {
        queue.set(id("a", "t"), "a", 10, 5);
        queue.clear(id("a", "t"));

        assertThat(queue.first(TimeDomain.EVENT_TIME)).isNull();
        assertThat(holds.minimum()).isEqualTo(Watermarks.MAX);
    }

    @Test
    void aTimerHoldsUntilItsFiringIsOver() {
        queue.set(id("a", "t"), "a", 10, 5);
        TimerEntry entry = queue.first(TimeDomain.EVENT_TIME);
        assertThat(entry).isNotNull();
        if (entry != null) {
            queue.takeOut(entry);
            assertThat(holds.minimum()).isEqualTo(5);
            queue.fired(entry);
        }
        assertThat(holds.minimum()).isEqualTo(Watermarks.MAX);
    }

    @Test
    void aTimerWithoutOutputTimestampHoldsNothing() {
        queue.set(id("a", "t"), "a", 10, Watermarks.MAX + 1);

        assertThat(holds.minimum()).isEqualTo(Watermarks.MAX);
    }

    @Test
    void theSameNameInAnotherFamilyOrDomainIsAnotherTimer() {
        queue.set(id("a", "t"), "a", 10, 10);
        queue.set(new TimerEntry.Id("a", "window", TimeDomain.EVENT_TIME, "family", "t"), "a", 11, 11);
        queue.set(new TimerEntry.Id("a", "window", TimeDomain.PROCESSING_TIME, "", "t"), "a", 12, 12);

        assertThat(queue.size()).isEqualTo(3);
    }

    @RepeatedTest(20)
    void randomSetsMovesAndClearsKeepTheOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, Long> expected = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            String key = "k" + random.nextInt(60);
            if (random.nextInt(4) == 0) {
                queue.clear(id(key, "t"));
                expected.remove(key);
            } else {
                long time = random.nextInt(1000);
                queue.set(id(key, "t"), key, time, time);
                expected.put(key, time);
            }
        }
        List<Long> fired = new ArrayList<>();
        while (queue.size() > 0) {
            TimerEntry entry = take();
            assertThat(entry.time()).as("seed %s", seed).isEqualTo(expected.remove(entry.key()));
            fired.add(entry.time());
        }
        assertThat(expected).as("seed %s", seed).isEmpty();
        assertThat(fired).as("seed %s", seed).isSorted();
        assertThat(holds.minimum()).isEqualTo(Watermarks.MAX);
    }
}
