package dev.tidemark.processor.behaviour;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bounded input gives what the same events give as a stream. */
final class BatchTest {
    private static final long LAST = 1_000_000;
    private static final String[] SESSIONS = {
        "a TIMEOUT 2 @14", "a TIMEOUT 1 @30", "b MAX_AGE 4 @30", "b TIMEOUT 1 @43", "c TIMEOUT 1 @510"
    };

    private static List<TimestampedValue<Said>> shuffled(long seed) {
        List<TimestampedValue<Said>> events = new ArrayList<>();
        long[][] times = {{0, 4, 20}, {0, 9, 18, 27, 33}, {500}};
        for (int key = 0; key < times.length; key++) {
            for (long time : times[key]) {
                events.add(Scenario.said(String.valueOf((char) ('a' + key)), time, "add"));
            }
        }
        Collections.shuffle(events, new Random(seed));
        return events;
    }

    @ParameterizedTest
    @EnumSource
    void aBatchInAnyOrderGivesTheRowsOfAStreamInOrder(OnRunner runner) {
        for (int seed = 0; seed < 3; seed++) {
            Scenario batch = new Scenario(runner);
            shuffled(seed).forEach(batch::event);
            batch.expect(batch.batch().apply(SessionsGroup.create()).line(), SESSIONS)
                    .run();
        }
        Scenario stream = new Scenario(runner);
        List<TimestampedValue<Said>> ordered = shuffled(0);
        ordered.sort((left, right) -> left.getTimestamp().compareTo(right.getTimestamp()));
        for (TimestampedValue<Said> each : ordered) {
            stream.event(each).watermark(each.getTimestamp().getMillis());
        }
        SessionsGroup.Result result = stream.into(SessionsGroup.create());
        stream.expect(result.line(), SESSIONS).expectEvents(result.late()).run();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamInAnyOrderBeforeTheWatermarkGivesTheSameRows(OnRunner runner) {
        Scenario stream = new Scenario(runner);
        shuffled(7).forEach(stream::event);
        SessionsGroup.Result result = stream.into(SessionsGroup.create());
        stream.expect(result.line(), SESSIONS).expectEvents(result.late()).run();
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyInputGivesNothing(OnRunner runner) {
        Scenario stream = new Scenario(runner);
        SessionsGroup.Result result = stream.into(SessionsGroup.create());
        stream.expect(result.line())
                .expectEvents(result.late())
                .expectErrors(result.errors())
                .run();
        Scenario batch = new Scenario(runner);
        batch.expect(batch.batch().apply(SessionsGroup.create()).line()).run();
    }

    @ParameterizedTest
    @EnumSource
    void aBatchIsGivenTheTimesOfItsEventsAsTimestamps(OnRunner runner) {
        Scenario batch = new Scenario(runner)
                .event(TimestampedValue.of(
                        new Said("k", java.time.Instant.ofEpochMilli(4), "tell"),
                        org.joda.time.Instant.ofEpochMilli(99)));
        batch.expect(batch.batch().apply(ForeverGroup.create()).line(), "k new 0 @4")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void oneKeyMayHaveVeryManyEvents(OnRunner runner) {
        int events = runner == OnRunner.DIRECT ? 10_000 : 1_000_000;
        Scenario scenario = new Scenario(runner);
        PCollection<Said> many = scenario.pipeline()
                .apply(GenerateSequence.from(0).to(events))
                .apply(MapElements.into(TypeDescriptor.of(Said.class))
                        .via(i -> new Said("k", java.time.Instant.ofEpochMilli(i), "add at:" + (2 * LAST))))
                .setCoder(ForeverGroup.inputCoder());
        scenario.expect(many.apply(ExplicitGroup.create()).line(), "k TIMEOUT " + events + " @" + 2 * LAST)
                .run();
    }
}
