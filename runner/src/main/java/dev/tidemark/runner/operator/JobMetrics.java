package dev.tidemark.runner.operator;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.sdk.metrics.MetricResults;

/**
 * The metrics of a job: one container per step and task, so that tasks never write to the same one; added up when somebody
 * asks. Thread-safe.
 */
public final class JobMetrics {
    private final Queue<Map.Entry<String, MetricsContainerImpl>> containers = new ConcurrentLinkedQueue<>();

    /** A new container of a step, for one task to write to. */
    MetricsContainerImpl container(String step) {
        MetricsContainerImpl container = new MetricsContainerImpl(step);
        containers.add(Map.entry(step, container));
        return container;
    }

    /** What all attempts so far have counted. */
    public MetricResults attempted() {
        MetricsContainerStepMap sum = new MetricsContainerStepMap();
        for (Map.Entry<String, MetricsContainerImpl> each : containers) {
            sum.update(each.getKey(), each.getValue());
        }
        return MetricsContainerStepMap.asAttemptedOnlyMetricResults(sum);
    }
}
