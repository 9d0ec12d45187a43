package dev.tidemark.runner.operator;

import dev.tidemark.runner.plan.RunOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.beam.runners.core.metrics.NoOpMetricsSink;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricsOptions;
import org.apache.beam.sdk.metrics.MetricsSink;
import org.apache.beam.sdk.util.InstanceBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the metrics of a job to the sink that {@code --metricsSink} names. Used by one thread at a time. */
public final class MetricsPush {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPush.class);

    private final MetricsSink sink;
    private final JobMetrics metrics;
    private final long periodMillis;

    private MetricsPush(MetricsSink sink, JobMetrics metrics, long periodMillis) {
        this.sink = sink;
        this.metrics = metrics;
        this.periodMillis = periodMillis;
    }

    /** Lets Beam look through its options for metrics, which it does once in a process, and takes its time for. */
    public static void prepare(RunOptions options) {
        asked(options);
    }

    private static MetricsOptions asked(RunOptions options) {
        return options.pipelineOptions().as(MetricsOptions.class);
    }

    /** Makes the sink; empty if the options name none. */
    public static Optional<MetricsPush> of(RunOptions options, JobMetrics metrics) {
        MetricsOptions asked = asked(options);
        if (asked.getMetricsSink() == NoOpMetricsSink.class) {
            return Optional.empty();
        }
        MetricsSink sink = InstanceBuilder.ofType(MetricsSink.class)
                .fromClass(asked.getMetricsSink())
                .withArg(MetricsOptions.class, asked)
                .build();
        return Optional.of(
                new MetricsPush(sink, metrics, Math.max(1, TimeUnit.SECONDS.toMillis(asked.getMetricsPushPeriod()))));
    }

    /** How long to wait between two pushes. */
    public long periodMillis() {
        return periodMillis;
    }

    /** Hands over what has been counted so far, if anything has. A sink that fails harms nobody but its own readers. */
    public void push() {
        MetricQueryResults now = metrics.results().allMetrics();
        if (now.getCounters().iterator().hasNext()
                || now.getDistributions().iterator().hasNext()
                || now.getGauges().iterator().hasNext()) {
            try {
                sink.writeMetrics(now);
            } catch (Exception e) {
                LOG.warn(
                        "TM-METRICS-001: {} did not take the metrics",
                        sink.getClass().getName(),
                        e);
            }
        }
    }
}
