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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.OffsetBasedSource;
import org.apache.beam.sdk.io.Source;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;

/** The parts that each source of a plan was split into: once per run, before its tasks exist, so that all see the same. */
public final class SourceSplits {
    private static final ReadLimit NO_LIMIT = new ReadLimit(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final long RECORDS_PER_SPLIT = 10_000;
    private static final byte[] NO_NAME = new byte[0];

    private final Map<Integer, List<Source<?>>> byStep;

    private SourceSplits(Map<Integer, List<Source<?>>> byStep) {
        this.byStep = Map.copyOf(byStep);
    }

    /**
     * Splits every source of the plan, as an earlier run did where the ledger knows of one: what has been read is known by split. Calls
     * user code, which may read the outside world and fail.
     *
     * @throws IllegalStateException where a source gives other splits than in that run
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
        byte[] row = ledger.get(RowKind.SPLITTING, 0, NO_NAME);
        Splitting before = row == null ? null : Splitting.decode(row);
        List<Source<?>> splits = new ArrayList<>();
        long asked;
        if (step instanceof Step.BoundedRead read) {
            BoundedSource<?> source = read.source();
            source.validate();
            long size = source.getEstimatedSizeBytes(options.pipelineOptions());
            asked = before == null ? Math.max(1, size / options.parallelism()) : before.asked();
            splits.addAll(source.split(asked, options.pipelineOptions()));
        } else {
            Step.UnboundedRead read = (Step.UnboundedRead) step;
            UnboundedSource<?, ?> source = read.source();
            source.validate();
            ReadLimit limit = read.limit();
            // Few records are not worth several readers.
            long worth = limit == null ? Long.MAX_VALUE : limit.records() / RECORDS_PER_SPLIT + 1;
            asked = before == null ? Math.min(options.parallelism(), worth) : before.asked();
            splits.addAll(source.split((int) asked, options.pipelineOptions()));
        }
        Splitting now = Splitting.of(asked, splits);
        if (before == null) {
            ledger.put(RowKind.SPLITTING, 0, NO_NAME, now.encoded());
        } else {
            requireAsBefore(step, before, now);
        }
        return splits;
    }

    /** What has been read is known by the number of a split: were another split of that number, some would be lost, or read twice. */
    private static void requireAsBefore(Step step, Splitting before, Splitting now) {
        String difference;
        if (before.splits() < 0) {
            return;
        } else if (before.splits() != now.splits()) {
            difference = "it came in " + before.splits() + " parts, and comes in " + now.splits();
        } else if (before.description() != now.description()) {
            difference = "its parts, such as files, have other names or lengths";
        } else {
            return;
        }
        throw new IllegalStateException(
                "TM-STATE-007: what " + step.name() + " reads is not what it was when the job began: "
                        + difference
                        + ". What has been read is known by part, so nothing was read now. Put back what was there, or begin"
                        + " with nothing with --tidemarkRestore=none.");
    }

    /**
     * How a source was split when it was first.
     *
     * @param asked what it was asked for: bytes of a split, or a number of splits
     * @param splits how many there were; -1 where that is not known
     * @param description a checksum of what the splits say they are
     */
    private record Splitting(long asked, int splits, long description) {
        static Splitting of(long asked, List<Source<?>> splits) {
            CRC32C checksum = new CRC32C();
            for (Source<?> split : splits) {
                checksum.update(description(split).getBytes(StandardCharsets.UTF_8));
            }
            return new Splitting(asked, splits.size(), checksum.getValue());
        }

        /** Of files, and of all that has a beginning and an end, which and where; others may say what is different each time. */
        private static String description(Source<?> split) {
            return split instanceof OffsetBasedSource<?> range ? range + "\n" : "\n";
        }

        static Splitting decode(byte[] row) {
            ByteBuffer left = ByteBuffer.wrap(row);
            long asked = left.getLong();
            return left.hasRemaining()
                    ? new Splitting(asked, left.getInt(), left.getLong())
                    : new Splitting(asked, -1, 0);
        }

        byte[] encoded() {
            return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                    .putLong(asked)
                    .putInt(splits)
                    .putLong(description)
                    .array();
        }
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
