package dev.tidemark.runner.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkerPoolTest {
    private static final int WORKERS = 2;
    private static final long PATIENCE_MILLIS = 200;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final WorkerPool pool = new WorkerPool(
            "pool", WORKERS, 1, PATIENCE_MILLIS, Clock.system(), (slot, thrown) -> failure.set(thrown), reports::add);

    @AfterEach
    void stop() throws InterruptedException {
        pool.stop();
        assertThat(pool.awaitStopped(10_000)).as("every thread is gone").isTrue();
    }

    private static Slot slot(String name, Slot.Turns turns) {
        Slot slot = new Slot(name, 1, false);
        slot.assign(turns);
        return slot;
    }

    /** Turns that block, as user code may, until the latch opens. */
    private record Blocking(CountDownLatch begun, CountDownLatch until) implements Slot.Turns {
        @Override
        public Task.Outcome step(long now, int budget) throws InterruptedException {
            begun.countDown();
            until.await();
            return Task.Outcome.WAIT;
        }

        @Override
        public long nextAlarm() {
            return Long.MAX_VALUE;
        }

        @Override
        public String inStep() {
            return "Fetch/ParDo";
        }
    }

    @Test
    void aTurnThatDoesNotEndIsReportedWithWhereItIsAgainAfterTwiceAsLongAndWhenItIsOver() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch until = new CountDownLatch(1);
        pool.wake(slot("Read#0", new Blocking(begun, until)));
        pool.start();
        List<String> said = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            said.add(reports.take());
        }
        until.countDown();
        String last = reports.take();

        assertThat(said)
                .allSatisfy(report -> assertThat(report)
                        .startsWith("TM-JOB-011: job pool: step Fetch/ParDo (task Read#0) has not returned after ")
                        .contains("WorkerPoolTest$Blocking.step("));
        assertThat(said.stream().map(WorkerPoolTest::millis))
                .satisfiesExactly(
                        millis -> assertThat(millis).isGreaterThanOrEqualTo(PATIENCE_MILLIS),
                        millis -> assertThat(millis).isGreaterThanOrEqualTo(2 * PATIENCE_MILLIS),
                        millis -> assertThat(millis).isGreaterThanOrEqualTo(4 * PATIENCE_MILLIS));
        assertThat(last).startsWith("TM-JOB-011: job pool: Read#0 goes on after ");
    }

    @Test
    void manyShortTurnsAreNotReported() throws InterruptedException {
        CountDownLatch turns = new CountDownLatch((int) (3 * PATIENCE_MILLIS / 10));
        Slot busy = slot("busy", new Slot.Turns() {
            @Override
            public Task.Outcome step(long now, int budget) throws InterruptedException {
                turns.countDown();
                // As long as user code may take.
                new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
                return Task.Outcome.MORE;
            }

            @Override
            public long nextAlarm() {
                return Long.MAX_VALUE;
            }
        });
        pool.wake(busy);
        pool.start();
        turns.await();
        assertThat(reports).isEmpty();
    }

    private static long millis(String report) {
        return Math.round(Double.parseDouble(report.replaceAll("(?s).* after ([0-9.]+) s\\..*", "$1")) * 1e3);
    }

    @Test
    void anAlarmRingsThoughEveryWorkerIsStuckInUserCode() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(WORKERS);
        CountDownLatch rang = new CountDownLatch(1);
        List<Slot> stuck = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            stuck.add(slot("stuck " + i, new Blocking(begun, rang)));
        }
        Slot alarmed = slot("alarmed", new Slot.Turns() {
            private long due = Long.MIN_VALUE;

            @Override
            public Task.Outcome step(long now, int budget) {
                if (due == Long.MIN_VALUE) {
                    due = now + 100;
                    // Both are in their turns well before the alarm.
                    stuck.forEach(pool::wake);
                } else if (now >= due) {
                    due = Long.MAX_VALUE;
                    rang.countDown();
                }
                return Task.Outcome.WAIT;
            }

            @Override
            public long nextAlarm() {
                return due;
            }
        });
        pool.start();
        pool.wake(alarmed);

        assertThat(begun.await(20, TimeUnit.SECONDS))
                .as("both workers are stuck")
                .isTrue();
        assertThat(rang.await(20, TimeUnit.SECONDS)).as("the alarm rang").isTrue();
        assertThat(failure.get()).isNull();
    }

    @Test
    void theAlarmOfATaskThatASpareHasRunRingsWhileTheWorkersAreStillStuck() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(WORKERS);
        CountDownLatch rang = new CountDownLatch(1);
        Slot alarmed = slot("alarmed", new Slot.Turns() {
            private long due = Long.MIN_VALUE;

            @Override
            public Task.Outcome step(long now, int budget) {
                if (due == Long.MIN_VALUE) {
                    // Soon, so that the spare which sets it has nothing else to do before.
                    due = now + 5;
                } else if (now >= due) {
                    due = Long.MAX_VALUE;
                    rang.countDown();
                }
                return Task.Outcome.WAIT;
            }

            @Override
            public long nextAlarm() {
                return due;
            }
        });
        for (int i = 0; i < WORKERS; i++) {
            pool.wake(slot("stuck " + i, new Blocking(begun, rang)));
        }
        pool.start();
        assertThat(begun.await(20, TimeUnit.SECONDS))
                .as("both workers are stuck")
                .isTrue();
        pool.wake(alarmed);

        assertThat(rang.await(20, TimeUnit.SECONDS)).as("the alarm rang").isTrue();
        assertThat(failure.get()).isNull();
    }
}
