package dev.tidemark.runner.operator;

import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.state.StepLedger;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.beam.model.pipeline.v1.MetricsApi.MonitoringInfo;
import org.apache.beam.runners.core.metrics.DistributionData;
import org.apache.beam.runners.core.metrics.MetricUpdates;
import org.apache.beam.runners.core.metrics.MetricUpdates.MetricUpdate;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.apache.beam.runners.core.metrics.MonitoringInfoMetricName;
import org.apache.beam.sdk.metrics.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What one task counts in one step, and what of it is committed. The task owns it; other threads may read {@link #live} (Beam's
 * cells allow it) and {@link #committed}.
 */
final class StepMetrics {
    /** The values at the barrier of a checkpoint that is not committed yet. */
    private record Marked(long epoch, MetricsContainerImpl values) {}

    /** What the urns of users' metrics begin with. */
    private static final String USERS_URN = "beam:metric:user:";

    private final String step;
    private final MetricsContainerImpl live;
    private boolean restored;
    private final Queue<Marked> marked = new ArrayDeque<>();
    /** Never changes once it is here: another takes its place. */
    private volatile @Nullable MetricsContainerImpl committed;

    StepMetrics(String step) {
        this.step = step;
        this.live = new MetricsContainerImpl(step);
    }

    String step() {
        return step;
    }

    MetricsContainerImpl live() {
        return live;
    }

    @Nullable
    MetricsContainerImpl committed() {
        return committed;
    }

    /** Whatever is counted counts as committed at once. */
    void commitAlways() {
        committed = live;
    }

    /** Goes on counting from what the last committed epoch has. */
    void restore(StepLedger ledger) {
        ledger.read(RowKind.METRICS, (group, rest, row) -> {
            MetricsContainerImpl before = new MetricsContainerImpl(step);
            before.update(read(row));
            goOnFrom(before.getCumulative());
            // With another number of tasks, rows of others lie among our groups.
            ledger.delete(RowKind.METRICS, group, rest);
            restored = true;
        });
    }

    /** Under the names that users know: Beam gives metrics that it reads back names of its own. */
    private void goOnFrom(MetricUpdates before) {
        before.counterUpdates().forEach(each -> live.getCounter(name(each)).inc(each.getUpdate()));
        before.distributionUpdates().forEach(each -> {
            DistributionData was = each.getUpdate();
            live.getDistribution(name(each)).update(was.sum(), was.count(), was.min(), was.max());
        });
        before.gaugeUpdates()
                .forEach(each -> live.getGauge(name(each)).set(each.getUpdate().value()));
        before.stringSetUpdates()
                .forEach(each -> live.getStringSet(name(each))
                        .add(each.getUpdate().stringSet().toArray(String[]::new)));
        before.boundedTrieUpdates()
                .forEach(each -> live.getBoundedTrie(name(each)).update(each.getUpdate()));
        before.histogramsUpdates()
                .forEach(each -> live.getHistogram(name(each), each.getUpdate().getBucketType())
                        .update(each.getUpdate()));
    }

    private static MetricName name(MetricUpdate<?> update) {
        MetricName name = update.getKey().metricName();
        boolean users =
                name instanceof MonitoringInfoMetricName named && named.getUrn().startsWith(USERS_URN);
        return users ? MetricName.named(name.getNamespace(), name.getName()) : name;
    }

    /** Keeps the values as they are at the barrier of {@code epoch}; costs next to nothing where none has changed. */
    void mark(long epoch, StepLedger ledger) {
        if (restored || !live.getUpdates().isEmpty()) {
            restored = false;
            live.commitUpdates();
            MetricsContainerImpl values = new MetricsContainerImpl(step);
            values.update(live);
            marked.add(new Marked(epoch, values));
            if (ledger.isKept()) {
                ledger.put(RowKind.METRICS, ledger.groupFor(0), new byte[0], written(values));
            }
        }
    }

    private byte[] written(MetricsContainerImpl values) {
        ByteArrayOutputStream row = new ByteArrayOutputStream();
        try {
            for (MonitoringInfo each : values.getMonitoringInfos()) {
                each.writeDelimitedTo(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics of " + step + " cannot be written", e);
        }
        return row.toByteArray();
    }

    private List<MonitoringInfo> read(byte[] row) {
        List<MonitoringInfo> values = new ArrayList<>();
        ByteArrayInputStream left = new ByteArrayInputStream(row);
        try {
            while (left.available() > 0) {
                values.add(MonitoringInfo.parseDelimitedFrom(left));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics of " + step + " cannot be read from the checkpoint", e);
        }
        return values;
    }

    /** Checkpoint {@code epoch} is committed, and with it any before. */
    void committed(long epoch) {
        for (Marked first = marked.peek(); first != null && first.epoch() <= epoch; first = marked.peek()) {
            marked.remove();
            committed = first.values();
        }
    }
}
