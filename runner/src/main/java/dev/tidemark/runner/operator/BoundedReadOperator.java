package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.operator.SourceSplits.Numbered;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.time.Watermarks;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.WindowedValues;
import org.jspecify.annotations.Nullable;

/** Reads its splits one after the other. The watermark stays at the beginning until all are read. */
final class BoundedReadOperator extends SourceOperator {
    private final Queue<Numbered<BoundedSource<?>>> splits;
    private final PipelineOptions options;
    private final Receiver output;
    private final Turn turn;
    private final StepMetrics metrics;
    private @Nullable BoundedReader<?> reader;
    private @Nullable BoundedSource<?> source;
    private int current = -1;
    /** How many elements of the current split have been read. */
    private long position;
    /** Splits that have been read to their end since the last checkpoint. */
    private final List<Integer> finished = new ArrayList<>();

    private boolean ended;
    private long elementsRead;

    BoundedReadOperator(
            List<Numbered<BoundedSource<?>>> splits,
            PipelineOptions options,
            Receiver output,
            Turn turn,
            StepMetrics metrics) {
        this.splits = new ArrayDeque<>(splits);
        this.options = options;
        this.output = output;
        this.turn = turn;
        this.metrics = metrics;
    }

    @Override
    Progress read(int budget, BooleanSupplier mayReadOn) throws Exception {
        StepMetrics before = turn.enter(metrics);
        for (int count = 0; !ended && count < budget && mayReadOn.getAsBoolean(); count++) {
            ended = !readOne();
        }
        turn.leave(before);
        return ended ? Progress.ENDED : Progress.MORE;
    }

    /** Emits the next element; false when there is none left in any split. */
    private boolean readOne() throws Exception {
        while (true) {
            BoundedReader<?> reading = reader;
            boolean available;
            if (reading == null) {
                Numbered<BoundedSource<?>> next = splits.poll();
                if (next == null) {
                    return false;
                }
                long skipped = positionOf(next.number());
                if (skipped < 0) {
                    continue;
                }
                current = next.number();
                source = next.source();
                position = 0;
                reading = next.source().createReader(options);
                reader = reading;
                available = reading.start();
                for (position = 0; available && position < skipped; position++) {
                    available = reading.advance();
                }
            } else {
                available = reading.advance();
            }
            if (available) {
                position++;
                output.accept(WindowedValues.timestampedValueInGlobalWindow(
                        reading.getCurrent(), reading.getCurrentTimestamp()));
                elementsRead++;
                return true;
            }
            reader = null;
            reading.close();
            finished.add(current);
            current = -1;
        }
    }

    @Override
    @Nullable
    String readSoFar() {
        BoundedSource<?> reading = source;
        return current < 0 || reading == null ? null : Position.read(metrics.step(), current, position, reading);
    }

    /** How much of a split was read when it was last committed; −1 where that was all. */
    private long positionOf(int split) {
        byte[] row = ledger().get(RowKind.SPLIT, 0, key(split));
        return row == null ? 0 : ByteBuffer.wrap(row).getLong();
    }

    @Override
    void saveState(long epoch) {
        finished.forEach(split -> keep(split, -1));
        finished.clear();
        if (current >= 0) {
            keep(current, position);
        }
    }

    private void keep(int split, long read) {
        ledger().put(
                        RowKind.SPLIT,
                        0,
                        key(split),
                        ByteBuffer.allocate(Long.BYTES).putLong(read).array());
    }

    private static byte[] key(int split) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(split).array();
    }

    @Override
    long sourceWatermark() {
        return ended ? Watermarks.MAX : Watermarks.MIN;
    }

    @Override
    long elementsRead() {
        return elementsRead;
    }

    @Override
    void close() throws Exception {
        BoundedReader<?> open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }
}
