package dev.tidemark.examples;

import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The readings of a file or of the generator, as the options say. A row that cannot be parsed stops nothing: it goes to {@link
 * #MALFORMED}, with its line number and the reason, and is counted.
 */
public final class ReadActivity extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1;

    /** The readings, each at its event time. */
    public static final TupleTag<Reading> READINGS = new TupleTag<>("readings") {};

    /** The rows that are none. */
    public static final TupleTag<Malformed> MALFORMED = new TupleTag<>("malformed") {};

    static final String READINGS_COUNTER = "readings";
    static final String MALFORMED_COUNTER = "malformedRows";

    private final ActivityInput input;
    private final boolean streaming;
    private final long outOfOrderMillis;

    ReadActivity(ActivityInput input, boolean streaming, long outOfOrderMillis) {
        this.input = input;
        this.streaming = streaming;
        this.outOfOrderMillis = outOfOrderMillis;
    }

    /** Looks at the input, and fails with a message if it cannot be read. */
    public static ReadActivity from(ActivityOptions options) {
        EventTimeColumn eventTime = EventTimeColumn.of(options.getEventTime());
        long outOfOrderMillis = DurationText.parse("outOfOrderness", options.getOutOfOrderness())
                .toMillis();
        String file = options.getInput();
        ActivityInput input = file != null
                ? ActivityFile.at(file, eventTime)
                : GeneratedActivity.of(options.getReadings(), options.getUsers(), options.getSeed());
        return new ReadActivity(input, options.isStreaming(), outOfOrderMillis);
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
        PCollection<Row> rows = streaming
                ? begin.apply("Stream", Read.from(new StreamedActivity(input, outOfOrderMillis)))
                : begin.apply("Rows", Read.from(new StoredActivity(input)));
        PCollectionTuple sorted = rows.apply(
                "SetMalformedAside",
                ParDo.of(new SetMalformedAside()).withOutputTags(READINGS, TupleTagList.of(MALFORMED)));
        sorted.get(READINGS).setCoder(RowCoder.readings());
        sorted.get(MALFORMED).setCoder(RowCoder.malformed());
        return sorted;
    }

    private static final class SetMalformedAside extends DoFn<Row, Reading> {
        private static final long serialVersionUID = 1;

        private final Counter readings = Metrics.counter(ReadActivity.class, READINGS_COUNTER);
        private final Counter malformed = Metrics.counter(ReadActivity.class, MALFORMED_COUNTER);

        @ProcessElement
        public void process(@Element Row row, MultiOutputReceiver out) {
            if (row instanceof Reading reading) {
                readings.inc();
                out.get(READINGS).output(reading);
            } else {
                malformed.inc();
                out.get(MALFORMED).output((Malformed) row);
            }
        }
    }
}
