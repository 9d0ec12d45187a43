package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineExecutionException;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ElementChecksTest {
    private static Pipeline pipeline(String... more) {
        List<String> args = new ArrayList<>(List.of("--runner=TestTidemarkRunner", "--tidemarkParallelism=1"));
        args.addAll(List.of(more));
        return Pipeline.create(
                PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).as(TestTidemarkOptions.class));
    }

    static final class ToList extends DoFn<Long, List<Long>> {
        @ProcessElement
        public void process(@Element Long element, OutputReceiver<List<Long>> out) {
            out.output(new ArrayList<>(List.of(element)));
        }
    }

    static final class ChangesItsInput extends DoFn<List<Long>, Long> {
        @ProcessElement
        public void process(@Element List<Long> element, OutputReceiver<Long> out) {
            element.add(1L);
            out.output(element.get(0));
        }
    }

    static final class ChangesItsOutput extends DoFn<Long, List<Long>> {
        @ProcessElement
        public void process(@Element Long element, OutputReceiver<List<Long>> out) {
            List<Long> list = new ArrayList<>(List.of(element));
            out.output(list);
            list.add(1L);
        }
    }

    /** Emits only when its bundle ends, and changes that. */
    static final class ChangesItsLastOutput extends DoFn<Long, List<Long>> {
        @ProcessElement
        public void process() {}

        @FinishBundle
        public void finish(FinishBundleContext context) {
            List<Long> list = new ArrayList<>(List.of(7L));
            context.output(list, GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
            list.add(1L);
        }
    }

    static final class EmitsNull extends DoFn<Long, String> {
        @ProcessElement
        @SuppressWarnings("NullAway") // the fault that is to be found
        public void process(OutputReceiver<String> out) {
            out.output(null);
        }
    }

    @Test
    void aValueThatItsTakerChangesIsFound() {
        Pipeline pipeline = pipeline();
        pipeline.apply(Create.of(3L))
                .apply("MakesLists", ParDo.of(new ToList()))
                .setCoder(ListCoder.of(VarLongCoder.of()))
                .apply(ParDo.of(new ChangesItsInput()));

        assertThatThrownBy(pipeline::run)
                .isInstanceOf(PipelineExecutionException.class)
                .hasMessageContaining("TM-ELEMENT-001")
                .hasMessageContaining("MakesLists")
                .hasMessageContaining("inputs must not be changed");
    }

    @Test
    void aValueThatIsChangedAfterItWasEmittedIsFound() {
        Pipeline pipeline = pipeline();
        pipeline.apply(Create.of(3L))
                .apply("Changes", ParDo.of(new ChangesItsOutput()))
                .setCoder(ListCoder.of(VarLongCoder.of()));

        assertThatThrownBy(pipeline::run)
                .hasMessageContaining("TM-ELEMENT-001")
                .hasMessageContaining("Changes")
                .hasMessageContaining("outputs must not be changed");
    }

    @Test
    void aValueThatIsEmittedAndChangedAtTheEndOfABundleIsFound() {
        Pipeline pipeline = pipeline();
        pipeline.apply(Create.of(3L))
                .apply("ChangesLast", ParDo.of(new ChangesItsLastOutput()))
                .setCoder(ListCoder.of(VarLongCoder.of()));

        assertThatThrownBy(pipeline::run).hasMessageContaining("TM-ELEMENT-001").hasMessageContaining("ChangesLast");
    }

    @Test
    void aValueThatItsCoderCannotEncodeIsFoundAlthoughNothingEncodesIt() {
        Pipeline pipeline = pipeline();
        pipeline.apply(Create.of(3L)).apply(ParDo.of(new EmitsNull())).setCoder(StringUtf8Coder.of());

        assertThatThrownBy(pipeline::run)
                .isInstanceOf(PipelineExecutionException.class)
                .hasMessageContaining("cannot encode a null String");
    }

    @Test
    void withoutChecksElementsArePassedOnAsTheyAre() {
        Pipeline pipeline = pipeline("--tidemarkEnforce=none");
        PAssert.that(pipeline.apply(Create.of(3L))
                        .apply(ParDo.of(new ToList()))
                        .setCoder(ListCoder.of(VarLongCoder.of()))
                        .apply(ParDo.of(new ChangesItsInput())))
                .containsInAnyOrder(3L);
        pipeline.run();
    }

    @Test
    void anUnknownKindOfCheckIsRefused() {
        assertThatThrownBy(() -> pipeline("--tidemarkEnforce=some"))
                .hasMessageContaining("TM-OPTION-101")
                .hasMessageContaining("none or all");
    }
}
