package dev.tidemark.runner.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.time.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SeededLoopTest {
    private static final long HOUR = 3_600_000;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final ManualClock clock = new ManualClock(0);
    private final SeededLoop loop = new SeededLoop(1, clock, true, (slot, thrown) -> failure.set(thrown));

    private interface Work {
        Task.Outcome step(long now) throws Exception;
    }

    private static Slot slot(String name, Work work) {
        return slot(name, work, Long.MAX_VALUE);
    }

    private static Slot slot(String name, Work work, long alarm) {
        Slot slot = new Slot(name, 1, false);
        slot.assign(new Slot.Turns() {
            @Override
            public Task.Outcome step(long now, int budget) throws Exception {
                return work.step(now);
            }

            @Override
            public long nextAlarm() {
                return alarm;
            }
        });
        return slot;
    }

    @Test
    void userCodeThatWaitsForAnotherTaskDoesNotKeepItFromItsTurn() throws InterruptedException {
        CountDownLatch other = new CountDownLatch(1);
        Slot opens = slot("opens", now -> {
            other.countDown();
            return Task.Outcome.WAIT;
        });
        Slot waits = slot("waits", now -> {
            loop.wake(opens);
            other.await();
            loop.stop();
            return Task.Outcome.WAIT;
        });
        loop.wake(waits);
        loop.start();

        assertThat(other.getCount()).as("the other task had its turn").isZero();
        assertThat(loop.awaitStopped(10_000)).as("every thread is gone").isTrue();
        assertThat(failure.get()).isNull();
    }

    @Test
    void manyMayWaitAtOnce() throws InterruptedException {
        int many = 20;
        CountDownLatch all = new CountDownLatch(many);
        for (int i = 0; i < many; i++) {
            loop.wake(slot("waits " + i, now -> {
                all.countDown();
                all.await();
                loop.stop();
                return Task.Outcome.WAIT;
            }));
        }
        loop.start();
        assertThat(all.getCount()).isZero();
        assertThat(loop.awaitStopped(10_000)).as("every thread is gone").isTrue();
    }

    @Test
    void theClockDoesNotRunAheadOfOneWhoSleeps() {
        List<String> events = new ArrayList<>();
        Slot alarmed = slot(
                "alarmed",
                now -> {
                    synchronized (events) {
                        if (now >= HOUR) {
                            events.add("an hour later");
                            loop.stop();
                        }
                    }
                    return Task.Outcome.WAIT;
                },
                HOUR);
        Slot sleeps = slot("sleeps", now -> {
            Thread.sleep(10 * SeededLoop.STUCK_MILLIS);
            synchronized (events) {
                events.add("slept");
            }
            return Task.Outcome.WAIT;
        });
        loop.wake(sleeps);
        loop.wake(alarmed);
        loop.start();
        assertThat(events).containsExactly("slept", "an hour later");
    }

    @Test
    void anAlarmRingsInItsTimeWhileSomebodySleeps() {
        CountDownLatch rang = new CountDownLatch(1);
        long soon = 4 * SeededLoop.STUCK_MILLIS;
        Slot alarmed = slot(
                "alarmed",
                now -> {
                    if (now >= soon) {
                        rang.countDown();
                    }
                    return Task.Outcome.WAIT;
                },
                soon);
        Slot sleeps = slot("sleeps", now -> {
            assertThat(rang.await(30, TimeUnit.SECONDS)).as("it rang").isTrue();
            loop.stop();
            return Task.Outcome.WAIT;
        });
        loop.wake(sleeps);
        loop.wake(alarmed);
        loop.start();
        assertThat(failure.get()).isNull();
    }

    @Test
    void theEndOfTheJobReachesUserCodeThatWaits() throws InterruptedException {
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        CountDownLatch never = new CountDownLatch(1);
        Slot ends = slot("ends", now -> {
            loop.stop();
            return Task.Outcome.WAIT;
        });
        Slot waits = slot("waits", now -> {
            loop.wake(ends);
            try {
                never.await();
            } catch (InterruptedException e) {
                thrown.set(e);
            }
            return Task.Outcome.WAIT;
        });
        loop.wake(waits);
        loop.start();
        assertThat(loop.awaitStopped(10_000)).as("every thread is gone").isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted())
                .as("the caller is interrupted")
                .isFalse();
    }

    @Test
    void anInterruptOfTheCallerReachesUserCodeOnAnotherThreadAndStaysWithTheCaller() {
        Thread caller = Thread.currentThread();
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        CountDownLatch never = new CountDownLatch(1);
        Slot waits = slot("waits on another thread", now -> {
            // By now the caller is back from its own turn.
            Thread.sleep(6 * SeededLoop.STUCK_MILLIS);
            caller.interrupt();
            try {
                never.await();
            } catch (InterruptedException e) {
                thrown.set(e);
                loop.stop();
            }
            return Task.Outcome.WAIT;
        });
        Slot sleeps = slot("sleeps on the caller's thread", now -> {
            loop.wake(waits);
            Thread.sleep(2 * SeededLoop.STUCK_MILLIS);
            return Task.Outcome.WAIT;
        });
        loop.wake(sleeps);
        loop.start();
        assertThat(Thread.interrupted()).as("the caller is interrupted").isTrue();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(failure.get()).isNull();
    }

    @Test
    void aJobWithNothingToDoAndNoAlarmIsReportedAlsoByOneWhoStandsIn() {
        Slot sleeps = slot("sleeps", now -> {
            Thread.sleep(2 * SeededLoop.STUCK_MILLIS);
            return Task.Outcome.WAIT;
        });
        loop.wake(sleeps);
        assertThatThrownBy(loop::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TM-JOB-002");
    }
}
