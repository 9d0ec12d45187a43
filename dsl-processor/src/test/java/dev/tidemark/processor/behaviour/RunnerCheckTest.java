package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/** A runner that cannot run a group is refused when the group is applied: edge case 75. */
final class RunnerCheckTest {
    /** Has the name of the one that rejects event-time timers, and nothing else of it. */
    static final class SparkRunner extends PipelineRunner<PipelineResult> {
        public static SparkRunner fromOptions(PipelineOptions options) {
            return new SparkRunner();
        }

        @Override
        public PipelineResult run(Pipeline pipeline) {
            throw new UnsupportedOperationException("only applied");
        }
    }

    private static Pipeline onSpark() {
        PipelineOptions options = PipelineOptionsFactory.create();
        options.setRunner(SparkRunner.class);
        return Pipeline.create(options);
    }

    @Test
    void sparkInStreamingIsRefusedInWordsAndNotByAStackTraceOfTheRunner() {
        PCollection<Said> events =
                onSpark().apply(TestStream.create(SessionsGroup.inputCoder()).advanceWatermarkToInfinity());
        assertThatThrownBy(() -> events.apply(SessionsGroup.create()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "sessions: the group needs event-time timers, which Spark rejects in streaming");
    }

    @Test
    void sparkInBatchIsAccepted() {
        PCollection<Said> events = onSpark().apply(Create.empty(SessionsGroup.inputCoder()));
        assertThat(events.apply(SessionsGroup.create()).line()).isNotNull();
    }

    @Test
    void aGroupWithoutTimersIsAcceptedOnSparkInStreaming() {
        PCollection<Said> events =
                onSpark().apply(TestStream.create(ForeverGroup.inputCoder()).advanceWatermarkToInfinity());
        assertThat(events.apply(ForeverGroup.create()).line()).isNotNull();
    }
}
