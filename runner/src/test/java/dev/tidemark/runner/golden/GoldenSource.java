package dev.tidemark.runner.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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

/** The numbers of the golden job, in one split. It may deliver twice, or says so, and names its records. */
final class GoldenSource extends UnboundedSource<Long, GoldenSource.Mark> {
    private static final long serialVersionUID = 1L;

    record Mark(long next) implements UnboundedSource.CheckpointMark {
        @Override
        public void finalizeCheckpoint() {}
    }

    static final class MarkCoder extends AtomicCoder<Mark> {
        private static final long serialVersionUID = 1L;

        @Override
        public void encode(Mark mark, OutputStream out) throws IOException {
            VarLongCoder.of().encode(mark.next(), out);
        }

        @Override
        public Mark decode(InputStream in) throws IOException {
            return new Mark(VarLongCoder.of().decode(in));
        }
    }

    @Override
    public List<GoldenSource> split(int wanted, PipelineOptions options) {
        return List.of(this);
    }

    @Override
    public UnboundedReader<Long> createReader(PipelineOptions options, @Nullable Mark mark) {
        GoldenJob.READERS.incrementAndGet();
        return new Reader(this, mark == null ? 0 : mark.next());
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
        return new MarkCoder();
    }

    @Override
    public Coder<Long> getOutputCoder() {
        return VarLongCoder.of();
    }

    @Override
    public boolean requiresDeduping() {
        return true;
    }

    private static final class Reader extends UnboundedReader<Long> {
        private final GoldenSource source;
        private long next;

        Reader(GoldenSource source, long next) {
            this.source = source;
            this.next = next;
        }

        @Override
        public boolean start() {
            return advance();
        }

        @Override
        public boolean advance() {
            if (next >= Math.min(GoldenJob.TOTAL, GoldenJob.limit)) {
                return false;
            }
            next++;
            return true;
        }

        @Override
        public Long getCurrent() throws NoSuchElementException {
            return next - 1;
        }

        @Override
        public Instant getCurrentTimestamp() throws NoSuchElementException {
            return Instant.ofEpochMilli(next - 1);
        }

        @Override
        public byte[] getCurrentRecordId() {
            return ByteBuffer.allocate(Long.BYTES).putLong(next - 1).array();
        }

        @Override
        public Instant getWatermark() {
            return next >= GoldenJob.TOTAL
                    ? BoundedWindow.TIMESTAMP_MAX_VALUE
                    : Instant.ofEpochMilli(next - GoldenJob.LAG);
        }

        @Override
        public CheckpointMark getCheckpointMark() {
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
