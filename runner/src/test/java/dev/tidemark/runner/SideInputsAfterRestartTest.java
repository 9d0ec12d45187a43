package dev.tidemark.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.PCollectionView;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job is torn down after each checkpoint while some of its tasks are at their end, and others still need a side input. */
@Timeout(60)
class SideInputsAfterRestartTest {
    private static final List<Integer> NUMBERS = List.of(1, 2, 4, 8, 16);

    static final class Meet extends DoFn<Integer, String> {
        private final PCollectionView<List<String>> view;

        Meet(PCollectionView<List<String>> view) {
            this.view = view;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            context.output(context.element() + " met " + new TreeSet<>(context.sideInput(view)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatOneTaskNeedsNoMoreIsThereForTheOthers(long seed) {
        Pipeline pipeline = TornDown.pipeline(seed);
        PCollectionView<List<String>> view =
                pipeline.apply("side", Create.of("a", "b", "c")).apply(View.asList());
        List<String> expected = new ArrayList<>();
        for (int number : NUMBERS) {
            for (int i = 0; i < number; i++) {
                expected.add(number + " met [a, b, c]");
            }
        }
        PAssert.that(pipeline.apply("main", Create.of(NUMBERS))
                        .apply(ParDo.of(new RepeatSlowly()))
                        .apply(ParDo.of(new Meet(view)).withSideInputs(view)))
                .containsInAnyOrder(expected);
        pipeline.run();
    }
}
