package dev.tidemark.examples;

import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Instant;

/** An {@link ActivityInput} as a bounded whole, read in parts. */
final class StoredActivity extends BoundedSource<Row> {
    private static final long serialVersionUID = 1;

    /** More parts than this only cost. */
    private static final int MOST_PARTS = 64;

    private final ActivityInput input;

    StoredActivity(ActivityInput input) {
        this.input = input;
    }

    @Override
    public List<StoredActivity> split(long desiredBundleSizeBytes, PipelineOptions options) throws IOException {
        long parts = getEstimatedSizeBytes(options) / Math.max(1, desiredBundleSizeBytes);
        return input.split((int) Math.max(1, Math.min(MOST_PARTS, parts))).stream()
                .map(StoredActivity::new)
                .toList();
    }

    @Override
    public long getEstimatedSizeBytes(PipelineOptions options) {
        return input.estimatedBytes();
    }

    @Override
    public BoundedReader<Row> createReader(PipelineOptions options) {
        return new Reader(this);
    }

    @Override
    public Coder<Row> getOutputCoder() {
        return RowCoder.rows();
    }

    private static final class Reader extends BoundedReader<Row> {
        private final StoredActivity source;
        private final ActivityReader rows;

        Reader(StoredActivity source) {
            this.source = source;
            this.rows = new ActivityReader(source.input, new Mark(source.input.start(), ActivityReader.NONE_YET));
        }

        @Override
        public boolean start() throws IOException {
            rows.open();
            return rows.advance();
        }

        @Override
        public boolean advance() throws IOException {
            return rows.advance();
        }

        @Override
        public Row getCurrent() throws NoSuchElementException {
            return rows.current();
        }

        @Override
        public Instant getCurrentTimestamp() throws NoSuchElementException {
            return rows.currentTime();
        }

        @Override
        public BoundedSource<Row> getCurrentSource() {
            return source;
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
