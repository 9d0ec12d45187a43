package dev.tidemark.runner;

import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Repeatedly;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an element sees of a side input that comes in panes, in windows of ten milliseconds that are open for ten more. */
@Timeout(60)
class SideInputsTest {
    /** Says what was in the side input when an element met it. */
    static final class Meet extends DoFn<String, String> {
        private final PCollectionView<Iterable<String>> view;

        Meet(PCollectionView<Iterable<String>> view) {
            this.view = view;
        }

        @ProcessElement
        public void process(ProcessContext context) {
            TreeSet<String> sorted = new TreeSet<>();
            context.sideInput(view).forEach(sorted::add);
            context.output(context.element() + sorted);
        }
    }

    /** Each element that begins with "side" is a pane of the side input; each other one asks for that. */
    private static void expect(String way, TestStream<String> stream, String... met) {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", way)
                .as(TestTidemarkOptions.class));
        PCollection<String> all = pipeline.apply(stream)
                .apply(Window.<String>into(FixedWindows.of(Duration.millis(10)))
                        .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                        .withAllowedLateness(Duration.millis(10))
                        .discardingFiredPanes());
        PCollectionView<Iterable<String>> view =
                all.apply("side", Filter.by(text -> text.startsWith("side"))).apply(View.asIterable());
        PAssert.that(all.apply("main", Filter.by(text -> !text.startsWith("side")))
                        .apply(ParDo.of(new Meet(view)).withSideInputs(view)))
                .containsInAnyOrder(met);
        pipeline.run();
    }

    private static TestStream.Builder<String> stream() {
        return TestStream.create(StringUtf8Coder.of()).advanceWatermarkTo(Instant.EPOCH);
    }

    private static TimestampedValue<String> at(long millis, String text) {
        return TimestampedValue.of(text, Instant.ofEpochMilli(millis));
    }

    /** Counts, and says at the end of the window how many there were. */
    static final class Count extends DoFn<KV<String, String>, String> {
        private final PCollectionView<Iterable<String>> view;

        @StateId("count")
        private final StateSpec<ValueState<Integer>> counts = StateSpecs.value();

        @TimerId("end")
        private final TimerSpec end = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        Count(PCollectionView<Iterable<String>> view) {
            this.view = view;
        }

        @ProcessElement
        public void process(
                ProcessContext context,
                BoundedWindow window,
                @StateId("count") ValueState<Integer> count,
                @TimerId("end") Timer timer) {
            Integer before = count.read();
            count.write(before == null ? 1 : before + 1);
            timer.set(window.maxTimestamp());
            context.output(context.element().getValue() + " met " + context.sideInput(view));
        }

        @OnTimer("end")
        public void end(@StateId("count") ValueState<Integer> count, OutputReceiver<String> out) {
            out.output("in all " + count.read());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--tidemarkParallelism=1",
                "--tidemarkParallelism=3",
                "--tidemarkSeed=5",
                "--tidemarkTornDownAfter=1"
            })
    void theWindowOfAnElementThatWaitsDoesNotEndBeforeTheElementHasBeenProcessed(String way) {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner", way)
                .as(TestTidemarkOptions.class));
        PCollection<String> all = pipeline.apply(stream()
                .addElements(at(1, "one"), at(2, "two"))
                .advanceWatermarkTo(Instant.ofEpochMilli(100))
                .addElements(at(101, "side"))
                .advanceWatermarkToInfinity());
        PCollectionView<Iterable<String>> view = all.apply("side", Filter.by(text -> text.startsWith("side")))
                .apply(Window.<String>configure()
                        .triggering(Repeatedly.forever(AfterPane.elementCountAtLeast(1)))
                        .withAllowedLateness(Duration.ZERO)
                        .accumulatingFiredPanes())
                .apply(View.asIterable());
        PAssert.that(all.apply("main", Filter.by(text -> !text.startsWith("side")))
                        .apply(WithKeys.of("key"))
                        .apply("windows", Window.into(FixedWindows.of(Duration.millis(10))))
                        .apply(ParDo.of(new Count(view)).withSideInputs(view)))
                .containsInAnyOrder("one met [side]", "two met [side]", "in all 2");
        pipeline.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=3", "--tidemarkSeed=5"})
    void anElementWaitsForTheFirstPaneAndThenSeesTheLast(String way) {
        expect(
                way,
                stream()
                        .addElements(at(1, "early"))
                        .addElements(at(2, "side 1"))
                        .addElements(at(3, "between"))
                        .addElements(at(4, "side 2"))
                        .addElements(at(5, "late"))
                        .advanceWatermarkToInfinity(),
                "early[side 1]",
                "between[side 1]",
                "late[side 2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=3", "--tidemarkSeed=5"})
    void eachWindowWaitsForItsOwnPane(String way) {
        expect(
                way,
                stream()
                        .addElements(at(12, "side of the second"))
                        .addElements(at(1, "first"))
                        .addElements(at(11, "second"))
                        .addElements(at(2, "side of the first"))
                        .advanceWatermarkToInfinity(),
                "first[side of the first]",
                "second[side of the second]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=3", "--tidemarkSeed=5"})
    void aWindowThatHasEndedIsNotEmptyWhileSomethingLateMayComeIntoIt(String way) {
        expect(
                way,
                stream()
                        .addElements(at(1, "waits"))
                        .advanceWatermarkTo(Instant.ofEpochMilli(19))
                        .addElements(at(2, "side, late"))
                        .advanceWatermarkToInfinity(),
                "waits[side, late]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tidemarkParallelism=1", "--tidemarkParallelism=3", "--tidemarkSeed=5"})
    void aWindowIsEmptyWhenNothingCanComeIntoItAnyMore(String way) {
        expect(
                way,
                stream()
                        .addElements(at(1, "waits"))
                        .advanceWatermarkTo(Instant.ofEpochMilli(21))
                        .addElements(at(2, "side, too late"))
                        .advanceWatermarkToInfinity(),
                "waits[]");
    }
}
