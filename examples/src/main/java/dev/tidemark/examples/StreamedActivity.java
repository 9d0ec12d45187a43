package dev.tidemark.examples;

import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.UnboundedSource;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ActivityInput} as a stream: rows in their order of arrival, and a watermark that trails the largest event time by
 * {@code outOfOrderMillis} and goes to the end of time after the last row. A reading that comes later than that behind the
 * watermark is late, and is emitted all the same.
 */
final class StreamedActivity extends UnboundedSource<Row, Mark> {
    private static final long serialVersionUID = 1;

    private final ActivityInput input;
    private final long outOfOrderMillis;

    StreamedActivity(ActivityInput input, long outOfOrderMillis) {
        this.input = input;
        this.outOfOrderMillis = outOfOrderMillis;
    }

    /** A file stays whole: it stands for one log, and the order of its lines is the order of arrival. */
    @Override
    public List<StreamedActivity> split(int wanted, PipelineOptions options) throws IOException {
        if (!input.splitsKeepTheOrderOfUsers()) {
            return List.of(this);
        }
        return input.split(wanted).stream()
                .map(part -> new StreamedActivity(part, outOfOrderMillis))
                .toList();
    }

    @Override
    public UnboundedReader<Row> createReader(PipelineOptions options, @Nullable Mark mark) {
        return new Reader(this, mark != null ? mark : new Mark(input.start(), ActivityReader.NONE_YET));
    }

    @Override
    public Coder<Mark> getCheckpointMarkCoder() {
        return Mark.CODER;
    }

    @Override
    public Coder<Row> getOutputCoder() {
        return RowCoder.rows();
    }

    private static final class Reader extends UnboundedReader<Row> {
        private final StreamedActivity source;
        private final ActivityReader rows;

        Reader(StreamedActivity source, Mark mark) {
            this.source = source;
            this.rows = new ActivityReader(source.input, mark);
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
        public Instant getWatermark() {
            if (rows.atEnd()) {
                return BoundedWindow.TIMESTAMP_MAX_VALUE;
            }
            return rows.latestMillis() == ActivityReader.NONE_YET
                    ? BoundedWindow.TIMESTAMP_MIN_VALUE
                    : Instant.ofEpochMilli(rows.latestMillis() - source.outOfOrderMillis);
        }

        @Override
        public Mark getCheckpointMark() {
            return rows.mark();
        }

        @Override
        public UnboundedSource<Row, ?> getCurrentSource() {
            return source;
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
