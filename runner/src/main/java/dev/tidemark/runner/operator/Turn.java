package dev.tidemark.runner.operator;

import dev.tidemark.runner.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.metrics.MetricsEnvironment.MetricsEnvironmentState;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the operators of a task must know of the turn they are in: the time, and the metrics slot of the thread; and which of them has it.
 * Owned by the task; set anew at the start of each turn, so that nobody looks at a clock or a thread local per element.
 */
public final class Turn {
    /** Whoever takes longer lets checkpoints and others wait. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Clock clock;
    private final int shard;
    private long nowMillis;
    private long beganNanos;
    private long inputsMillis = Long.MIN_VALUE;
    private Instant now = Instant.EPOCH;
    private MetricsEnvironmentState metrics = MetricsEnvironment.getMetricsEnvironmentStateForCurrentThread();
    /** Where the thread counted before the first step was entered. */
    private @Nullable MetricsContainer outside;
    /**
     * Read by any thread: an ordinary write, seen a little later. Of the 30 ns that a step takes that does nothing, some 3 go to this; the
     * number of the step in its place was not faster.
     */
    private final AtomicReference<@Nullable StepMetrics> inStep = new AtomicReference<>();

    // --- once the turn has failed
    private @Nullable String failedAt;
    private @Nullable String lastRead;

    /** @param clock asked only how long a turn has lasted, where user code decides how much it does in one call */
    public Turn(Clock clock, int shard) {
        this.clock = clock;
        this.shard = shard;
    }

    /** Begins a turn on the calling thread. */
    public void begin(long millis) {
        beganNanos = clock.nanos();
        if (millis != nowMillis) {
            nowMillis = millis;
            now = Instant.ofEpochMilli(millis);
        }
        metrics = MetricsEnvironment.getMetricsEnvironmentStateForCurrentThread();
    }

    /** Says how far the clocks of the tasks before this one have come. */
    public void inputsHaveCome(long millis) {
        inputsMillis = millis;
    }

    /** What was to be emitted before this has been emitted, by this task and by those before it, and has come in. */
    long synchronizedMillis() {
        return Math.min(nowMillis, inputsMillis);
    }

    /** Whether a timer of synchronized processing time is due here, and waits for the tasks before this one to come as far. */
    boolean waitsForInputs(long timer) {
        return timer < nowMillis && timer >= inputsMillis;
    }

    /** How long the turn has lasted so far. */
    long lastedNanos() {
        return clock.nanos() - beganNanos;
    }

    /** Whether it is time to end the turn, although there is more to do. */
    public boolean isLong() {
        return lastedNanos() > LONG_NANOS;
    }

    /** The number of the task among those that run the same stage. */
    int shard() {
        return shard;
    }

    long nowMillis() {
        return nowMillis;
    }

    Instant now() {
        return now;
    }

    /** The code of {@code step} is called from here on. Returns whose was called before, to {@link #leave} for. */
    @Nullable
    StepMetrics enter(StepMetrics step) {
        StepMetrics before = inStep.getPlain();
        MetricsContainer was = metrics.activate(step.live());
        if (before == null && outside != was) {
            outside = was;
        }
        inStep.setOpaque(step);
        return before;
    }

    /** The call is over that was entered when {@code before} was called. */
    void leave(@Nullable StepMetrics before) {
        inStep.setOpaque(before);
        metrics.activate(before == null ? outside : before.live());
    }

    /** The turn has failed: what the thread does from here on is not the step's any more that is still entered. */
    public void abandon() {
        if (inStep.getPlain() != null) {
            metrics.activate(outside);
        }
    }

    /**
     * The call in which the turn has just failed was about this. Whoever made it says so, then those whose calls it was made in: the first
     * is the nearest.
     */
    void failedAt(String position) {
        if (failedAt == null) {
            failedAt = position;
        }
    }

    /** So far had been read when the turn failed. */
    void failedWhenRead(String position) {
        lastRead = position;
    }

    /** Where among its elements the step was in which the turn has failed; null where it was at none, or has not failed. */
    public @Nullable String failedAt() {
        String at = failedAt;
        String read = lastRead;
        if (at == null || read == null) {
            return at == null ? read : at;
        }
        return at + "; " + read;
    }

    /**
     * The step whose code is being called, as it was a moment ago, or the one in which the turn has failed; null where it is none. Any
     * thread.
     */
    public @Nullable String inStep() {
        StepMetrics step = inStep.getOpaque();
        return step == null ? null : step.step();
    }
}
