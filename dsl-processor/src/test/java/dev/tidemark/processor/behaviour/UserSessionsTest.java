package dev.tidemark.processor.behaviour;

import dev.tidemark.processor.groups.UserSessions.Closed;
import dev.tidemark.processor.groups.UserSessions.Event;
import dev.tidemark.processor.groups.UserSessionsGroup;
import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.api.Test;

final class UserSessionsTest {
    private final Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());

    private static Event at(long second, double x, String activity) {
        return new Event("u1", Instant.ofEpochSecond(second), x, activity);
    }

    private static TimestampedValue<Event> stamped(Event event) {
        return TimestampedValue.of(
                event, org.joda.time.Instant.ofEpochMilli(event.time().toEpochMilli()));
    }

    @Test
    void batchClosesASessionThatWentQuiet() {
        UserSessionsGroup.Result result = pipeline.apply(Create.of(at(20, 5, "run"), at(0, 1, "walk"), at(3, 3, "walk"))
                        .withCoder(UserSessionsGroup.inputCoder()))
                .apply(UserSessionsGroup.create());
        PAssert.that(result.closed())
                .containsInAnyOrder(new Closed("u1", List.of("walk"), 2.0), new Closed("u1", List.of("run"), 5.0));
        PAssert.that(result.late()).empty();
        PAssert.that(result.errors()).empty();
        pipeline.run().waitUntilFinish();
    }

    @Test
    void streamingClosesASessionThatWentQuietAndEmitsWhatComesLate() {
        TestStream<Event> events = TestStream.create(UserSessionsGroup.inputCoder())
                .addElements(stamped(at(0, 1, "walk")), stamped(at(3, 3, "walk")))
                .advanceWatermarkTo(org.joda.time.Instant.ofEpochSecond(30))
                .addElements(stamped(at(4, 9, "fly")), stamped(at(40, 5, "run")))
                .advanceWatermarkToInfinity();
        UserSessionsGroup.Result result = pipeline.apply(events).apply(UserSessionsGroup.create());
        PAssert.that(result.closed())
                .containsInAnyOrder(new Closed("u1", List.of("walk"), 2.0), new Closed("u1", List.of("run"), 5.0));
        PAssert.that(result.late()).containsInAnyOrder(at(4, 9, "fly"));
        PAssert.that(result.errors()).empty();
        pipeline.run().waitUntilFinish();
    }
}
