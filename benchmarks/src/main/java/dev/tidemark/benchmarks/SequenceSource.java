package dev.tidemark.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.AtomicCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The numbers from 0 to a bound as a stream that ends: the cheapest source there can be, so that what is measured is the runner. The
 * number is also the event time in milliseconds.
 */
final class SequenceSource extends UnboundedSource<Long, SequenceSource.Mark> {
    private static final long serialVersionUID = 1;

    private final long first;
    private final long step;
    private final long bound;

    private SequenceSource(long first, long step, long bound) {
        this.first = first;
        this.step = step;
        this.bound = bound;
    }

    static SequenceSource below(long bound) {
        return new SequenceSource(0, 1, bound);
    }

    @Override
    public List<SequenceSource> split(int wanted, PipelineOptions options) {
        List<SequenceSource> splits = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            splits.add(new SequenceSource(first + i * step, step * wanted, bound));
        }
        return splits;
    }

    @Override
    public UnboundedReader<Long> createReader(PipelineOptions options, @Nullable Mark mark) {
        return new Reader(this, mark == null ? first : mark.next());
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
        return MarkCoder.MARKS;
    }

    @Override
    public Coder<Long> getOutputCoder() {
        return VarLongCoder.of();
    }

    /** The number that comes next. */
    record Mark(long next) implements UnboundedSource.CheckpointMark {
        @Override
        public void finalizeCheckpoint() {}
    }

    private static final class MarkCoder extends AtomicCoder<Mark> {
        static final MarkCoder MARKS = new MarkCoder();

        @Override
        public void encode(Mark mark, OutputStream out) throws IOException {
            VarLongCoder.of().encode(mark.next(), out);
        }

        @Override
        public Mark decode(InputStream in) throws IOException {
            return new Mark(VarLongCoder.of().decode(in));
        }
    }

    private static final class Reader extends UnboundedReader<Long> {
        private final SequenceSource source;
        private long next;
        private long current = -1;

        Reader(SequenceSource source, long next) {
            this.source = source;
            this.next = next;
        }

        @Override
        public boolean start() {
            return advance();
        }

        @Override
        public boolean advance() {
            if (next >= source.bound) {
                current = -1;
                return false;
            }
            current = next;
            next += source.step;
            return true;
        }

        @Override
        public Long getCurrent() throws NoSuchElementException {
            return current;
        }

        @Override
        public Instant getCurrentTimestamp() throws NoSuchElementException {
            return Instant.ofEpochMilli(current);
        }

        @Override
        public Instant getWatermark() {
            return next >= source.bound && current < 0
                    ? BoundedWindow.TIMESTAMP_MAX_VALUE
                    : Instant.ofEpochMilli(Math.max(0, current));
        }

        @Override
        public Mark getCheckpointMark() {
            return new Mark(next);
        }

        @Override
        public UnboundedSource<Long, ?> getCurrentSource() {
            return source;
        }

        @Override
        public void close() {}
    }
}
