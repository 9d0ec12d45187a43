package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.Failed;
import dev.tidemark.Upsert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;

/**
 * What happens to a group, step by step, and what is to come of it. Times are milliseconds, keys are {@code k} unless said
 * otherwise; rows are expected as {@code key text @time}, each exactly once.
 */
final class Scenario {
    private final Pipeline pipeline;
    private final List<TimestampedValue<Said>> events = new ArrayList<>();
    private TestStream.Builder<Said> stream = TestStream.create(ForeverGroup.inputCoder());
    private int expectations;

    Scenario(OnRunner runner) {
        this.pipeline = runner.pipeline();
    }

    static TimestampedValue<Said> said(String key, long time, String words) {
        return TimestampedValue.of(
                new Said(key, Instant.ofEpochMilli(time), words), org.joda.time.Instant.ofEpochMilli(time));
    }

    // ------------------------------------------------------------------ what happens

    Scenario event(long time, String words) {
        return event("k", time, words);
    }

    Scenario event(String key, long time, String words) {
        return event(said(key, time, words));
    }

    Scenario event(TimestampedValue<Said> event) {
        events.add(event);
        stream = stream.addElements(event);
        return this;
    }

    /** Two events that come in one bundle. */
    Scenario together(TimestampedValue<Said> first, TimestampedValue<Said> second) {
        stream = stream.addElements(first, second);
        return this;
    }

    Scenario watermark(long time) {
        stream = stream.advanceWatermarkTo(org.joda.time.Instant.ofEpochMilli(time));
        return this;
    }

    Scenario clockAdvances(long millis) {
        stream = stream.advanceProcessingTime(Duration.millis(millis));
        return this;
    }

    // ------------------------------------------------------------------ what it happens to

    /** For an input of another kind. */
    Pipeline pipeline() {
        return pipeline;
    }

    /** The events as a stream that ends. */
    PCollection<Said> stream() {
        return pipeline.apply("stream", stream.advanceWatermarkToInfinity());
    }

    /** The events as a bounded collection. */
    PCollection<Said> batch() {
        return pipeline.apply("batch", Create.timestamped(events).withCoder(ForeverGroup.inputCoder()));
    }

    <R extends POutput> R into(PTransform<? super PCollection<Said>, R> group) {
        return stream().apply(group);
    }

    <R extends POutput> R windowedInto(Window<Said> windows, PTransform<? super PCollection<Said>, R> group) {
        return stream().apply(windows).apply(group);
    }

    // ------------------------------------------------------------------ what comes of it

    Scenario expect(PCollection<Line> lines, String... expected) {
        return expect(lines.apply("text " + ++expectations, ParDo.of(new LineText())), List.of(expected));
    }

    Scenario expectEvents(PCollection<Said> events, String... expected) {
        return expect(events.apply("text " + ++expectations, ParDo.of(new EventText())), List.of(expected));
    }

    Scenario expectUpdates(PCollection<Upsert<String, Line>> updates, String... expected) {
        return expect(updates.apply("text " + ++expectations, ParDo.of(new UpdateText())), List.of(expected));
    }

    Scenario expectErrors(PCollection<Failed<Said>> errors, String... expected) {
        return expect(errors.apply("text " + ++expectations, ParDo.of(new FailureText())), List.of(expected));
    }

    Scenario expectTexts(PCollection<String> texts, String... expected) {
        return expect(texts, List.of(expected));
    }

    private Scenario expect(PCollection<String> texts, List<String> expected) {
        PAssert.that(texts.setCoder(StringUtf8Coder.of())).containsInAnyOrder(expected);
        return this;
    }

    /** Runs it. An expectation that was never looked at is a failure, too. */
    PipelineResult run() {
        PipelineResult result = pipeline.run();
        assertThat(result.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(counted(result, PAssert.class.getName(), PAssert.SUCCESS_COUNTER))
                .as("expectations met")
                .isEqualTo(PAssert.countAsserts(pipeline));
        return result;
    }

    static long counted(PipelineResult result, String namespace, String name) {
        long sum = 0;
        for (MetricResult<Long> each : result.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named(namespace, name))
                        .build())
                .getCounters()) {
            sum += each.getAttempted();
        }
        return sum;
    }

    // ------------------------------------------------------------------ words

    private static String at(org.joda.time.Instant time) {
        return " @" + time.getMillis();
    }

    static final class LineText extends DoFn<Line, String> {
        @ProcessElement
        public void process(@Element Line line, @Timestamp org.joda.time.Instant time, OutputReceiver<String> out) {
            out.output(line.key() + " " + line.text() + at(time));
        }
    }

    static final class EventText extends DoFn<Said, String> {
        @ProcessElement
        public void process(@Element Said said, @Timestamp org.joda.time.Instant time, OutputReceiver<String> out) {
            out.output(said.key() + " " + said.words() + at(time));
        }
    }

    static final class UpdateText extends DoFn<Upsert<String, Line>, String> {
        @ProcessElement
        public void process(
                @Element Upsert<String, Line> update,
                @Timestamp org.joda.time.Instant time,
                OutputReceiver<String> out) {
            Line row = update.row();
            out.output(update.key() + " " + (row == null ? "gone" : row.text()) + at(time));
        }
    }

    static final class FailureText extends DoFn<Failed<Said>, String> {
        @ProcessElement
        public void process(
                @Element Failed<Said> failed, @Timestamp org.joda.time.Instant time, OutputReceiver<String> out) {
            Said input = failed.input();
            out.output(failed.reason() + " " + failed.key() + " " + (input == null ? "timeout" : input.words())
                    + at(time));
        }
    }
}
