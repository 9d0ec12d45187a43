package dev.tidemark.runner.operator;

import dev.tidemark.runner.plan.Plan;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.RunOptions;
import dev.tidemark.runner.plan.Stage;
import dev.tidemark.runner.plan.Step;
import dev.tidemark.runner.plan.Step.ReadLimit;
import dev.tidemark.runner.state.StepLedger;
import dev.tidemark.runner.state.TaskLedger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.Source;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;

/** The parts that each source of a plan was split into: once per run, before its tasks exist, so that all see the same. */
public final class SourceSplits {
    private static final ReadLimit NO_LIMIT = new ReadLimit(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final long RECORDS_PER_SPLIT = 10_000;

    private final Map<Integer, List<Source<?>>> byStep;

    private SourceSplits(Map<Integer, List<Source<?>>> byStep) {
        this.byStep = Map.copyOf(byStep);
    }

    /**
     * Splits every source of the plan, as an earlier run did where the ledger knows of one: what has been read is known by split. Calls
     * user code, which may read the outside world and fail.
     */
    public static SourceSplits of(Plan plan, RunOptions options, JobMetrics metrics, TaskLedger ledger)
            throws Exception {
        Map<Integer, List<Source<?>>> byStep = new HashMap<>();
        for (Stage stage : plan.stages()) {
            for (Step step : stage.steps()) {
                if (step instanceof Step.BoundedRead || step instanceof Step.UnboundedRead) {
                    // What a source counts while it is split belongs to its step.
                    MetricsContainer before = MetricsEnvironment.setCurrentContainer(metrics.beforeTasks(step.name()));
                    try {
                        byStep.put(step.id(), split(step, options, ledger.step(OperatorChain.ledgerName(step))));
                    } finally {
                        MetricsEnvironment.setCurrentContainer(before);
                    }
                }
            }
        }
        return new SourceSplits(byStep);
    }

    private static List<Source<?>> split(Step step, RunOptions options, StepLedger ledger) throws Exception {
        if (step instanceof Step.BoundedRead read) {
            BoundedSource<?> source = read.source();
            source.validate();
            long size = source.getEstimatedSizeBytes(options.pipelineOptions());
            long desiredBytes = asBefore(Math.max(1, size / options.parallelism()), ledger);
            return new ArrayList<>(source.split(desiredBytes, options.pipelineOptions()));
        }
        Step.UnboundedRead read = (Step.UnboundedRead) step;
        UnboundedSource<?, ?> source = read.source();
        source.validate();
        ReadLimit limit = read.limit();
        // Few records are not worth several readers.
        long worth = limit == null ? Long.MAX_VALUE : limit.records() / RECORDS_PER_SPLIT + 1;
        long desiredSplits = asBefore(Math.min(options.parallelism(), worth), ledger);
        return new ArrayList<>(source.split((int) desiredSplits, options.pipelineOptions()));
    }

    /** How finely the source was split when it was first; as {@code asked} where this is the first time. */
    private static long asBefore(long asked, StepLedger ledger) {
        byte[] row = ledger.get(RowKind.SPLITTING, 0, new byte[0]);
        if (row != null) {
            return ByteBuffer.wrap(row).getLong();
        }
        ledger.put(
                RowKind.SPLITTING,
                0,
                new byte[0],
                ByteBuffer.allocate(Long.BYTES).putLong(asked).array());
        return asked;
    }

    /** A split and its number. */
    record Numbered<S>(int number, S source) {}

    /** What each split of a limited read may read, by the number of the split. */
    Function<Integer, ReadLimit> limitOfEach(Step.UnboundedRead read) {
        ReadLimit limit = read.limit();
        if (limit == null) {
            return split -> NO_LIMIT;
        }
        long splits = byStep.getOrDefault(read.id(), List.of()).size();
        return split ->
                new ReadLimit(limit.records() / splits + (split < limit.records() % splits ? 1 : 0), limit.millis());
    }

    /** The splits of a step that the given task reads: every {@code shards}-th. */
    @SuppressWarnings("unchecked") // the caller names the kind of source that its own step has
    <S extends Source<?>> List<Numbered<S>> ofTask(int step, int shard, int shards) {
        List<Source<?>> all = byStep.getOrDefault(step, List.of());
        List<Numbered<S>> own = new ArrayList<>();
        for (int i = shard; i < all.size(); i += shards) {
            own.add(new Numbered<>(i, (S) all.get(i)));
        }
        return own;
    }
}
