package dev.tidemark.processor.coding;

import dev.tidemark.processor.coding.Everything.Color;
import dev.tidemark.processor.coding.Everything.Numbers;
import dev.tidemark.processor.coding.Everything.Things;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoredInPlaceTest {
    private static Numbers number(int value) {
        return new Numbers(
                "n", 1, Color.RED, true, (byte) 0, (short) 0, 'c', value, 0, 0, null, null, null, null, null, null,
                null, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DirectRunner", "TestTidemarkRunner"})
    void whatAHandlerChangesInPlaceIsStoredAndTheDefaultsAreNot(String runner) {
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=" + runner).create());
        TestStream<Numbers> events = TestStream.create(EverythingGroup.inputCoder())
                .addElements(number(8))
                .addElements(number(9))
                .advanceWatermarkToInfinity();
        PAssert.that(pipeline.apply(events)
                        .apply(EverythingGroup.create())
                        .things()
                        .apply(MapElements.into(TypeDescriptors.strings()).via(Things::text)))
                .containsInAnyOrder(
                        "2 [Point[x=1, label=default], Point[x=8, label=null]] {key=[8]}",
                        "3 [Point[x=1, label=default], Point[x=8, label=null], Point[x=9, label=null]] {key=[8, 9]}");
        pipeline.run().waitUntilFinish();
    }
}
