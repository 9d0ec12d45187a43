package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Sessions;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups in windows: state and timeouts are those of one key in one window, and end with it. */
final class WindowTest {
    private static Window<Said> windows(WindowFn<Object, ?> windows) {
        return Window.into(windows);
    }

    private static Window<Said> fixed() {
        return windows(FixedWindows.of(Duration.millis(20)));
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutBeyondTheEndOfTheWindowFiresAtThatEnd(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "add at:100").event(25, "add add at:30");
        ExplicitGroup.Result result = scenario.windowedInto(fixed(), ExplicitGroup.create());
        scenario.expect(result.line(), "k END_OF_INPUT 1 @19", "k TIMEOUT 2 @30")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aSessionCutShortByTheEndOfItsWindowIsClosedThere(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(5, "add").event(14, "add").event(21, "add");
        SessionsGroup.Result result = scenario.windowedInto(fixed(), SessionsGroup.create());
        scenario.expect(result.line(), "k END_OF_INPUT 2 @19", "k TIMEOUT 1 @31")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutAtTheEndOfTheWindowIsDiscardedIfTheGroupSaysSo(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(5, "add").event(21, "add").event(29, "add");
        DiscardingGroup.Result result = scenario.windowedInto(fixed(), DiscardingGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @15").run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventInTheLastMillisecondOfAWindowBelongsToIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "add at:19")
                .event(19, "tell at:19")
                .event(20, "tell close");
        OrderedGroup.Result result = scenario.windowedInto(fixed(), OrderedGroup.create());
        scenario.expect(result.line(), "k 1 @19", "k END_OF_INPUT 1 @19", "k new 0 @20")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void eachSlidingWindowHasAStateOfItsOwn(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "add tell").event(15, "add tell");
        PCollection<Line> lines = scenario.windowedInto(
                        windows(SlidingWindows.of(Duration.millis(20)).every(Duration.millis(10))),
                        ForeverGroup.create())
                .line();
        // 5 is in [-10, 10) and [0, 20); 15 is in [0, 20) and [10, 30).
        scenario.expect(lines, "k new 1 @5", "k new 1 @5", "k 2 @15", "k new 1 @15")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventWithinTheAllowedLatenessOfItsWindowIsLateForTheGroup(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "add")
                .watermark(30)
                .event(6, "add")
                .event(31, "add")
                .watermark(90);
        SessionsGroup.Result result = scenario.windowedInto(
                fixed().withAllowedLateness(Duration.millis(50)).discardingFiredPanes(), SessionsGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @15", "k END_OF_INPUT 1 @39")
                .expectEvents(result.late(), "k add @6")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAcceptedEventWithinTheAllowedLatenessTimesOutInItsWindow(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "add").watermark(30).event(6, "add tell");
        AcceptingGroup.Result result = scenario.windowedInto(
                fixed().withAllowedLateness(Duration.millis(50)).discardingFiredPanes(), AcceptingGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @15", "k new late 1 @6", "k TIMEOUT 1 @16")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatSetsItselfAgainStopsAtTheEndOfItsWindow(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(0, "then:after:8 at:8").watermark(40).watermark(60);
        ExplicitGroup.Result result = scenario.windowedInto(
                fixed().withAllowedLateness(Duration.millis(1000)).discardingFiredPanes(), ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @8", "k TIMEOUT 0 @16", "k END_OF_INPUT 0 @19")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void theLongestLifeEndsWithTheWindow(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(0, "then:add").watermark(40).watermark(60);
        SessionsGroup.Result result = scenario.windowedInto(
                fixed().withAllowedLateness(Duration.millis(1000)).discardingFiredPanes(), SessionsGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @10", "k END_OF_INPUT 1 @19")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutByTheClockEndsWithTheWindow(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "add after:1000")
                .watermark(30)
                .event(31, "tell after:10")
                .clockAdvances(11)
                .clockAdvances(2000);
        ByClockGroup.Result result = scenario.windowedInto(fixed(), ByClockGroup.create());
        scenario.expect(result.line(), "k END_OF_INPUT 1 @19", "k new 0 @31", "k TIMEOUT 0 @31")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void windowsThatMergeAreRefusedWithTheRemedy(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "add");
        assertThatThrownBy(() -> scenario.windowedInto(
                        windows(Sessions.withGapDuration(Duration.millis(5))), ForeverGroup.create()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "forever: the windows of the input merge, which state cannot; use the global window, and for"
                                + " sessions @Timeout(value = EVENT_TIME, after = ...)");
    }
}
