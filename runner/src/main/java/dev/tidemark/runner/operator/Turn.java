package dev.tidemark.runner.operator;

import dev.tidemark.runner.time.Clock;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.metrics.MetricsEnvironment.MetricsEnvironmentState;
import org.joda.time.Instant;

/**
 * What the operators of a task must know of the turn they are in: the time, and the metrics slot of the thread. Owned by the
 * task; set anew at the start of each turn, so that nobody looks at a clock or a thread local per element.
 */
public final class Turn {
    private final Clock clock;
    private final int shard;
    private long nowMillis;
    private long beganNanos;
    private long inputsMillis = Long.MIN_VALUE;
    private Instant now = Instant.EPOCH;
    private MetricsEnvironmentState metrics = MetricsEnvironment.getMetricsEnvironmentStateForCurrentThread();

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

    MetricsEnvironmentState metrics() {
        return metrics;
    }
}
