package dev.tidemark.examples;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptor;

/** A dozen groups with drawn handlers, each on a drawn input in a drawn disorder, as they run on one runner. */
final class RandomisedGroups {
    private static final int EVENTS = 400;
    private static final int LATENESS = 20;

    /** How many groups there are: three classes, with four seeds each. */
    static final int COUNT = 12;

    private RandomisedGroups() {}

    private static PTransform<PCollection<Doing>, PCollection<Done>> group(int index) {
        long seed = 1L + index / 3;
        return switch (index % 3) {
            case 0 -> Random1Group.transform(new Random1(seed));
            case 1 -> Random2Group.transform(new Random2(seed));
            default -> Random3Group.transform();
        };
    }

    /** Events of a few keys, none of which is behind the latest by more than the lateness. */
    private static List<TimestampedValue<Doing>> events(int index) {
        Random random = new Random(1_000L + index);
        List<Doing> events = new ArrayList<>();
        long time = 0;
        for (int i = 0; i < EVENTS; i++) {
            time += random.nextInt(8);
            events.add(new Doing("k" + random.nextInt(4), Instant.ofEpochMilli(time), i));
        }
        List<Long> arrivals = new ArrayList<>();
        events.forEach(event -> arrivals.add(event.time().toEpochMilli() + random.nextInt(LATENESS)));
        List<Doing> disordered = new ArrayList<>(events);
        disordered.sort(Comparator.comparingLong(event -> arrivals.get((int) event.number())));
        return disordered.stream()
                .map(event -> TimestampedValue.of(
                        event, org.joda.time.Instant.ofEpochMilli(event.time().toEpochMilli())))
                .toList();
    }

    /** What a group says at the end of each of its windows, sorted. */
    static List<String> endsOfWindows(String... arguments) {
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
        PCollection<Doing> windowed = pipeline.apply(
                        Create.timestamped(events(0)).withCoder(PerWindowGroup.inputCoder()))
                .apply(Window.into(FixedWindows.of(org.joda.time.Duration.millis(100))));
        return lines(pipeline, windowed.apply(PerWindowGroup.transform()));
    }

    /** What a group says at its timeouts that takes several events in order, with their times, sorted. */
    static List<String> inOrderAtOnce(boolean streaming, String... arguments) {
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
        return lines(pipeline, input(pipeline, 1, streaming).apply(InOrderAtOnceGroup.transform()));
    }

    /** How many rows of each key and text are in time for a count in their window, of a group that lets events wait. */
    static List<String> countsAtOnce(boolean streaming, String... arguments) {
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs(arguments).create());
        PCollection<Done> rows = input(pipeline, 2, streaming)
                .apply(Window.into(FixedWindows.of(org.joda.time.Duration.millis(100))))
                .apply(AtOnceGroup.transform());
        return lines(
                pipeline,
                rows.apply(Count.perElement())
                        .apply(MapElements.into(TypeDescriptor.of(Done.class))
                                .via(count -> new Done(
                                        count.getKey().key(), count.getKey().text() + " " + count.getValue())))
                        .setCoder(AtOnceGroup.outputCoder()));
    }

    private static PCollection<Doing> input(Pipeline pipeline, int index, boolean streaming) {
        List<TimestampedValue<Doing>> events = events(index);
        return streaming
                ? pipeline.apply(stream(events))
                : pipeline.apply(Create.timestamped(events).withCoder(Random1Group.inputCoder()));
    }

    /** The rows of a group, with their times, sorted. */
    static List<String> rows(int index, boolean streaming, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs(all.toArray(String[]::new)).create());
        return lines(pipeline, input(pipeline, index, streaming).apply(group(index)));
    }

    private static List<String> lines(Pipeline pipeline, PCollection<Done> rows) {
        try (Collected collected = Collected.of("collect", rows.apply("line", ParDo.of(new LineFn())))) {
            PipelineResult.State state = pipeline.run().waitUntilFinish();
            if (state != PipelineResult.State.DONE) {
                throw new IllegalStateException("the job ended " + state);
            }
            return collected.rows().stream().sorted().toList();
        }
    }

    private static TestStream<Doing> stream(List<TimestampedValue<Doing>> events) {
        TestStream.Builder<Doing> stream = TestStream.create(Random1Group.inputCoder());
        org.joda.time.Instant highest = BoundedWindow.TIMESTAMP_MIN_VALUE.plus(org.joda.time.Duration.millis(LATENESS));
        for (TimestampedValue<Doing> event : events) {
            stream = stream.addElements(event);
            if (event.getTimestamp().isAfter(highest)) {
                highest = event.getTimestamp();
                stream = stream.advanceWatermarkTo(highest.minus(org.joda.time.Duration.millis(LATENESS)));
            }
        }
        return stream.advanceWatermarkToInfinity();
    }

    private static final class LineFn extends DoFn<Done, String> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Done done, @Timestamp org.joda.time.Instant time, OutputReceiver<String> out) {
            out.output(done.key() + " " + done.text() + " @" + time.getMillis());
        }
    }
}
