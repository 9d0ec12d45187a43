package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events that come more than once. */
final class DuplicatesTest {
    private static TimestampedValue<Once.Word> word(String key, long time, String words) {
        return TimestampedValue.of(
                new Once.Word(key, Instant.ofEpochMilli(time), words), org.joda.time.Instant.ofEpochMilli(time));
    }

    private static void expect(Scenario scenario, PCollection<Once.Word> words, List<String> lines, String... twice) {
        OnceGroup.Result result = words.apply(OnceGroup.create());
        PCollection<String> texts = result.duplicates()
                .apply(MapElements.into(TypeDescriptors.strings())
                        .via(each -> each.key() + " " + each.words() + " "
                                + each.time().toEpochMilli()));
        scenario.expect(result.line(), lines.toArray(String[]::new))
                .expectTexts(texts, twice)
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamLetsTheFirstOfEachPassAndEmitsTheOthers(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        PCollection<Once.Word> words = scenario.pipeline()
                .apply(TestStream.create(OnceGroup.inputCoder())
                        .addElements(word("k", 0, "a"), word("k", 0, "a"), word("k", 0, "b"), word("l", 0, "a"))
                        .advanceWatermarkTo(org.joda.time.Instant.ofEpochMilli(5))
                        .addElements(word("k", 10, "a"), word("k", 11, "a"))
                        .advanceWatermarkTo(org.joda.time.Instant.ofEpochMilli(30))
                        .addElements(word("k", 32, "a"))
                        .advanceWatermarkToInfinity());
        expect(scenario, words, List.of("k a1 @0", "k b2 @0", "l a1 @0", "k a3 @11", "k a4 @32"), "k a 0", "k a 10");
    }

    @ParameterizedTest
    @EnumSource
    void aBatchMeansTheSameThoughNoTimerFiresBetweenItsEvents(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        PCollection<Once.Word> words = scenario.pipeline()
                .apply(Create.timestamped(List.of(word("k", 0, "a"), word("k", 0, "a"), word("k", 40, "a")))
                        .withCoder(OnceGroup.inputCoder()));
        expect(scenario, words, List.of("k a1 @0", "k a2 @40"), "k a 0");
    }

    @ParameterizedTest
    @EnumSource
    void duplicatesAreCounted(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        scenario.pipeline()
                .apply(Create.timestamped(List.of(word("k", 0, "a"), word("k", 0, "a"), word("k", 0, "a")))
                        .withCoder(OnceGroup.inputCoder()))
                .apply(OnceGroup.transform());
        assertThat(Scenario.counted(scenario.run(), "once", "dedup.dropped")).isEqualTo(2);
    }
}
