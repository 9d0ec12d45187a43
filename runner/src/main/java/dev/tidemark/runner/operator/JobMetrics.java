package dev.tidemark.runner.operator;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.apache.beam.runners.core.metrics.MetricsContainerStepMap;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsContainer;

/**
 * The metrics of a job: one container per step and task, so that tasks never write to the same one; added up when somebody
 * asks. Thread-safe.
 */
public final class JobMetrics {
    private final Queue<StepMetrics> steps = new ConcurrentLinkedQueue<>();

    /** The metrics of a step, for one task to write to. */
    StepMetrics of(String step) {
        StepMetrics metrics = new StepMetrics(step);
        steps.add(metrics);
        return metrics;
    }

    /** A container for what user code of a step counts before there are tasks: counted once, it is committed. */
    MetricsContainer beforeTasks(String step) {
        StepMetrics metrics = of(step);
        metrics.commitAlways();
        return metrics.live();
    }

    /** What has been counted so far: in all attempts, and in what the last committed checkpoint contains. */
    public MetricResults results() {
        MetricsContainerStepMap attempted = new MetricsContainerStepMap();
        MetricsContainerStepMap committed = new MetricsContainerStepMap();
        for (StepMetrics each : steps) {
            attempted.update(each.step(), each.live());
            MetricsContainerImpl durable = each.committed();
            if (durable != null) {
                committed.update(each.step(), durable);
            }
        }
        return MetricsContainerStepMap.asMetricResults(attempted, committed);
    }
}
