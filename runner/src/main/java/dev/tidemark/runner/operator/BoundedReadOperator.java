package dev.tidemark.runner.operator;

import dev.tidemark.runner.flow.Receiver;
import dev.tidemark.runner.operator.SourceSplits.Numbered;
import dev.tidemark.runner.time.Watermarks;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.apache.beam.runners.core.metrics.MetricsContainerImpl;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.WindowedValues;
import org.jspecify.annotations.Nullable;

/** Reads its splits one after the other. The watermark stays at the beginning until all are read. */
final class BoundedReadOperator extends SourceOperator {
    private final Queue<Numbered<BoundedSource<?>>> splits;
    private final PipelineOptions options;
    private final Receiver output;
    private final Turn turn;
    private final MetricsContainerImpl metrics;
    private @Nullable BoundedReader<?> reader;
    private boolean ended;
    private long elementsRead;

    BoundedReadOperator(
            List<Numbered<BoundedSource<?>>> splits,
            PipelineOptions options,
            Receiver output,
            Turn turn,
            MetricsContainerImpl metrics) {
        this.splits = new ArrayDeque<>(splits);
        this.options = options;
        this.output = output;
        this.turn = turn;
        this.metrics = metrics;
    }

    @Override
    Progress read(int budget, BooleanSupplier hasRoom) throws Exception {
        MetricsContainer before = turn.metrics().activate(metrics);
        try {
            for (int count = 0; count < budget && hasRoom.getAsBoolean(); count++) {
                if (!readOne()) {
                    ended = true;
                    return Progress.ENDED;
                }
            }
            return Progress.MORE;
        } finally {
            turn.metrics().activate(before);
        }
    }

    /** Emits the next element; false when there is none left in any split. */
    private boolean readOne() throws Exception {
        while (true) {
            BoundedReader<?> current = reader;
            boolean available;
            if (current == null) {
                Numbered<BoundedSource<?>> next = splits.poll();
                if (next == null) {
                    return false;
                }
                current = next.source().createReader(options);
                reader = current;
                available = current.start();
            } else {
                available = current.advance();
            }
            if (available) {
                output.accept(WindowedValues.timestampedValueInGlobalWindow(
                        current.getCurrent(), current.getCurrentTimestamp()));
                elementsRead++;
                return true;
            }
            reader = null;
            current.close();
        }
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
        BoundedReader<?> current = reader;
        reader = null;
        if (current != null) {
            current.close();
        }
    }
}
