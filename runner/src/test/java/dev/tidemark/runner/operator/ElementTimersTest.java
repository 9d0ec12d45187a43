package dev.tidemark.runner.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerMap;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a timer says and does is what it says and does on the direct runner, which has Beam's own. */
@Tag("any-jdk")
@Timeout(120)
class ElementTimersTest {
    /** The element, at 10 in the window from 0 to 100, says this to a timer; the watermark is at 5, and the clock at 0. */
    private enum Said {
        FOR_A_TIME,
        FOR_THE_PAST,
        FOR_THE_LAST_MOMENT,
        AFTER_THE_WINDOW,
        TWICE,
        TWICE_THE_LATER_FIRST,
        RELATIVE,
        RELATIVE_WITHOUT_OFFSET,
        RELATIVE_AFTER_THE_WINDOW,
        ALIGNED,
        ALIGNED_WITH_OFFSET,
        ALIGNED_ALREADY,
        HELD_AT_THE_ELEMENT,
        HELD_BEFORE_THE_ELEMENT,
        HELD_AFTER_THE_WINDOW,
        HELD_AFTER_THE_END_OF_TIME,
        HOLDS_NOTHING,
        HOLDS_NOTHING_THEN_SOMETHING,
        HOLDS_SOMETHING_THEN_NOTHING,
        SET_AND_CLEARED,
        CLEARED_ONLY,
        ASKED_FOR_THE_TIME;

        void to(Timer timer) {
            switch (this) {
                case FOR_A_TIME -> timer.set(at(50));
                case FOR_THE_PAST -> timer.set(at(3));
                case FOR_THE_LAST_MOMENT -> timer.set(at(99));
                case AFTER_THE_WINDOW -> timer.set(at(100));
                case TWICE -> {
                    timer.withOutputTimestamp(at(20)).set(at(30));
                    timer.withOutputTimestamp(at(40)).set(at(60));
                }
                case TWICE_THE_LATER_FIRST -> {
                    timer.withOutputTimestamp(at(40)).set(at(60));
                    timer.withOutputTimestamp(at(20)).set(at(30));
                }
                case RELATIVE -> timer.offset(Duration.millis(20)).setRelative();
                case RELATIVE_WITHOUT_OFFSET -> timer.setRelative();
                case RELATIVE_AFTER_THE_WINDOW ->
                    timer.offset(Duration.millis(2_000)).setRelative();
                case ALIGNED -> timer.align(Duration.millis(7)).setRelative();
                case ALIGNED_WITH_OFFSET ->
                    timer.align(Duration.millis(7)).offset(Duration.millis(3)).setRelative();
                case ALIGNED_ALREADY ->
                    timer.align(Duration.millis(1)).offset(Duration.millis(4)).setRelative();
                case HELD_AT_THE_ELEMENT -> timer.withOutputTimestamp(at(10)).set(at(50));
                case HELD_BEFORE_THE_ELEMENT -> timer.withOutputTimestamp(at(9)).set(at(50));
                case HELD_AFTER_THE_WINDOW -> timer.withOutputTimestamp(at(100)).set(at(50));
                case HELD_AFTER_THE_END_OF_TIME ->
                    timer.withOutputTimestamp(BoundedWindow.TIMESTAMP_MAX_VALUE.plus(Duration.millis(1)))
                            .set(at(50));
                case HOLDS_NOTHING -> timer.withNoOutputTimestamp().set(at(50));
                case HOLDS_NOTHING_THEN_SOMETHING ->
                    timer.withNoOutputTimestamp().withOutputTimestamp(at(20)).set(at(50));
                case HOLDS_SOMETHING_THEN_NOTHING ->
                    timer.withOutputTimestamp(at(20)).withNoOutputTimestamp().set(at(50));
                case SET_AND_CLEARED -> {
                    timer.set(at(50));
                    timer.clear();
                }
                case CLEARED_ONLY -> timer.clear();
                case ASKED_FOR_THE_TIME -> LINES.add("it is " + timer.getCurrentRelativeTime());
            }
        }
    }

    private static volatile long now;
    private static final Set<String> LINES = new ConcurrentSkipListSet<>();

    private static final Duration FROM_THE_BEGINNING_OF_TIME =
            Duration.millis(10_000 - BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis());

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    static final class Says extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        private final Said said;

        @TimerId("event")
        private final TimerSpec eventSpec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @TimerId("clock")
        private final TimerSpec clockSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

        @TimerFamily("family")
        @SuppressWarnings("UnusedVariable") // Beam reads it
        private final TimerSpec familySpec = TimerSpecs.timerMap(TimeDomain.EVENT_TIME);

        Says(Said said) {
            this.said = said;
        }

        @ProcessElement
        public void process(
                @TimerId("event") Timer event, @TimerId("clock") Timer clock, @TimerFamily("family") TimerMap family) {
            say("event", event);
            // The direct runner's clock begins at the beginning of time: where it is in a period is another place.
            if (!said.name().startsWith("ALIGNED") && said != Said.ASKED_FOR_THE_TIME) {
                now = clock.getCurrentRelativeTime().getMillis();
                say("clock", clock);
            }
            say("family", family.get("one"));
            try {
                family.set("two", at(said == Said.AFTER_THE_WINDOW ? 100 : 70));
            } catch (RuntimeException e) {
                LINES.add("two: " + e);
            }
        }

        private void say(String which, Timer timer) {
            try {
                said.to(timer);
            } catch (RuntimeException e) {
                LINES.add(which + ": " + e);
            }
        }

        @OnTimer("event")
        public void event(OnTimerContext context) {
            tell("event", context);
        }

        @OnTimer("clock")
        public void clock(OnTimerContext context) {
            if (said.name().startsWith("RELATIVE")) {
                LINES.add("clock fires " + (context.fireTimestamp().getMillis() - now) + " ms later, emits at "
                        + context.timestamp());
            } else {
                tell("clock", context);
            }
        }

        @OnTimerFamily("family")
        public void family(@TimerId String id, OnTimerContext context) {
            tell("family " + id, context);
        }

        private static void tell(String which, OnTimerContext context) {
            LINES.add(which + " fires for " + context.fireTimestamp() + ", emits at " + context.timestamp());
        }
    }

    private static List<String> told(String runner, Said said) {
        LINES.clear();
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=" + runner).create());
        pipeline.apply(TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                        .advanceWatermarkTo(at(5))
                        .addElements(TimestampedValue.of(KV.of("key", 1L), at(10)))
                        .advanceProcessingTime(FROM_THE_BEGINNING_OF_TIME)
                        .advanceWatermarkToInfinity())
                .apply(Window.into(FixedWindows.of(Duration.millis(100))))
                .apply(ParDo.of(new Says(said)));
        pipeline.run().waitUntilFinish();
        return List.copyOf(LINES);
    }

    @ParameterizedTest
    @EnumSource
    void aTimerIsWhatItIsOnTheDirectRunner(Said said) {
        List<String> direct = told("DirectRunner", said);
        assertThat(direct).isNotEmpty();
        assertThat(told("TestTidemarkRunner", said)).isEqualTo(direct);
    }

    @Test
    void aTimerThatIsUsedAgainRemembersNothingOfTheElementBefore() {
        LINES.clear();
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TestTidemarkRunner").create());
        pipeline.apply(TestStream.create(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
                        .addElements(
                                TimestampedValue.of(KV.of("a", 0L), at(10)),
                                TimestampedValue.of(KV.of("b", 1L), at(20)))
                        .advanceWatermarkToInfinity())
                .apply(ParDo.of(new InTurn()));
        pipeline.run().waitUntilFinish();
        assertThat(LINES)
                .containsExactly(
                        "a fires for 1970-01-01T00:00:00.050Z, emits at 1970-01-01T00:00:00.030Z",
                        "b fires for 1970-01-01T00:00:00.060Z, emits at 1970-01-01T00:00:00.060Z");
    }

    static final class InTurn extends DoFn<KV<String, Long>, String> {
        private static final long serialVersionUID = 1L;

        @TimerId("timer")
        private final TimerSpec spec = TimerSpecs.timer(TimeDomain.EVENT_TIME);

        @ProcessElement
        public void process(@Element KV<String, Long> element, @TimerId("timer") Timer timer) {
            if (element.getValue() == 0) {
                timer.offset(Duration.millis(7)).align(Duration.millis(3)).withOutputTimestamp(at(30));
                timer.set(at(50));
            } else {
                timer.set(at(60));
            }
        }

        @OnTimer("timer")
        public void fire(@Key String key, OnTimerContext context) {
            LINES.add(key + " fires for " + context.fireTimestamp() + ", emits at " + context.timestamp());
        }
    }
}
