package dev.tidemark.runner.operator;

import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.metrics.MetricsEnvironment.MetricsEnvironmentState;
import org.joda.time.Instant;

/**
 * What the operators of a task must know of the turn they are in: the time, and the metrics slot of the thread. Owned by the
 * task; set anew at the start of each turn, so that nobody looks at a clock or a thread local per element.
 */
public final class Turn {
    private long nowMillis;
    private Instant now = Instant.EPOCH;
    private MetricsEnvironmentState metrics = MetricsEnvironment.getMetricsEnvironmentStateForCurrentThread();

    /** Begins a turn on the calling thread. */
    public void begin(long millis) {
        if (millis != nowMillis) {
            nowMillis = millis;
            now = Instant.ofEpochMilli(millis);
        }
        metrics = MetricsEnvironment.getMetricsEnvironmentStateForCurrentThread();
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
