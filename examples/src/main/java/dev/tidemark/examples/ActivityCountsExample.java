package dev.tidemark.examples;

import java.time.Instant;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;

/**
 * How often each activity was seen, per ten seconds, and per ten seconds beginning every five: windowed aggregations, which
 * are plain Beam and need no group. A window closes when the watermark of the source passes its end; what comes later is
 * dropped, unless the window allows for it.
 */
public final class ActivityCountsExample implements Example {
    private static final Duration SIZE = Duration.standardSeconds(10);

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(Example.main(args, new ActivityCountsExample()));
    }

    @Override
    public PCollection<String> lines(PCollection<Reading> readings) {
        PCollection<String> activities = readings.apply(
                "Activity", MapElements.into(TypeDescriptors.strings()).via(Reading::activity));
        PCollection<String> tumbling =
                counts("tumbling", activities.apply("Tumbling", Window.into(FixedWindows.of(SIZE))));
        PCollection<String> sliding = counts(
                "sliding",
                activities.apply("Sliding", Window.into(SlidingWindows.of(SIZE).every(SIZE.dividedBy(2)))));
        return PCollectionList.of(tumbling).and(sliding).apply("Both", Flatten.pCollections());
    }

    private static PCollection<String> counts(String kind, PCollection<String> activities) {
        return activities
                .apply("Count " + kind, Count.perElement())
                .apply("Line " + kind, ParDo.of(new LineFn(kind)))
                .apply("All " + kind, Window.into(new GlobalWindows()));
    }

    private static final class LineFn extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        private final String kind;

        LineFn(String kind) {
            this.kind = kind;
        }

        @ProcessElement
        public void process(@Element KV<String, Long> count, BoundedWindow window, OutputReceiver<String> out) {
            Instant start =
                    Instant.ofEpochMilli(((IntervalWindow) window).start().getMillis());
            out.output(String.join("\t", kind, start.toString(), count.getKey(), Long.toString(count.getValue())));
        }
    }
}
