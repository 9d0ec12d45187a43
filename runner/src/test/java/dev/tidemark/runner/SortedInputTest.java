package dev.tidemark.runner;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SortedInputTest {
    /** Emits each time with the one before it, of the same key. */
    static final class Pairs extends DoFn<KV<String, Long>, String> {
        @StateId("last")
        private final StateSpec<ValueState<Long>> spec = StateSpecs.value(VarLongCoder.of());

        @ProcessElement
        @RequiresTimeSortedInput
        public void process(
                @Element KV<String, Long> element, @StateId("last") ValueState<Long> last, OutputReceiver<String> out) {
            out.output(element.getKey() + " " + last.read() + ">" + element.getValue());
            last.write(element.getValue());
        }
    }

    private static TestStream.Builder<KV<String, Long>> stream() {
        return TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()));
    }

    private static TimestampedValue<KV<String, Long>> at(String key, long time) {
        return TimestampedValue.of(KV.of(key, time), Instant.ofEpochMilli(time));
    }

    private static void assertPairs(TestStream<KV<String, Long>> events, long lateness, String... expected) {
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", "--tidemarkParallelism=2")
                        .create());
        PCollection<String> pairs = pipeline.apply(events)
                .apply(Window.<KV<String, Long>>into(FixedWindows.of(Duration.millis(1_000)))
                        .withAllowedLateness(Duration.millis(lateness))
                        .discardingFiredPanes())
                .apply(ParDo.of(new Pairs()));
        PAssert.that(pairs).containsInAnyOrder(expected);
        pipeline.run();
    }

    @Test
    void elementsComeInTheOrderOfTheirTimesPerKey() {
        assertPairs(
                stream()
                        .addElements(at("a", 30), at("b", 20), at("a", 10), at("a", 20), at("b", 10))
                        .advanceWatermarkToInfinity(),
                0,
                "a null>10",
                "a 10>20",
                "a 20>30",
                "b null>10",
                "b 10>20");
    }

    @Test
    void anElementThatIsLateButAllowedStillFindsItsPlace() {
        // At watermark 25 the elements at 20 and 30 must wait: one at 10 may come, and does.
        assertPairs(
                stream()
                        .addElements(at("a", 30), at("a", 20))
                        .advanceWatermarkTo(Instant.ofEpochMilli(25))
                        .addElements(at("a", 10))
                        .advanceWatermarkToInfinity(),
                50,
                "a null>10",
                "a 10>20",
                "a 20>30");
    }

    @Test
    void anElementThatComesAfterLaterOnesWereHandedOverIsDropped() {
        assertPairs(
                stream()
                        .addElements(at("a", 30), at("a", 20))
                        .advanceWatermarkTo(Instant.ofEpochMilli(100))
                        .addElements(at("a", 10))
                        .addElements(at("a", 110))
                        .advanceWatermarkToInfinity(),
                50,
                "a null>20",
                "a 20>30",
                "a 30>110");
    }

    @Test
    void eachWindowIsSortedByItselfAndEmptiedBeforeItDies() {
        assertPairs(
                stream().addElements(at("a", 1_010), at("a", 999), at("a", 10)).advanceWatermarkToInfinity(),
                5_000,
                "a null>10",
                "a 10>999",
                "a null>1010");
    }
}
