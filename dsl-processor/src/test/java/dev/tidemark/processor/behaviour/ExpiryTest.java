package dev.tidemark.processor.behaviour;

import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a window: rule G25, and edge cases 40 to 45. */
final class ExpiryTest {
    private static Window<Said> fixed() {
        return Window.into(FixedWindows.of(org.joda.time.Duration.millis(20)));
    }

    @ParameterizedTest
    @EnumSource
    void eachGroupThatExistsWhenItsWindowEndsIsToldSo(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "add")
                .event(19, "add")
                .event(20, "add")
                .event("l", 5, "add close")
                .watermark(50);
        scenario.expect(
                        scenario.windowedInto(fixed(), EndingGroup.create()).line(),
                        "k end END_OF_INPUT 2 @19",
                        "k end END_OF_INPUT 1 @39")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatClosesTheGroupComesBeforeTheEndOfTheWindow(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "add at:19")
                .event("l", 5, "add at:100 then:add")
                .watermark(50);
        scenario.expect(
                        scenario.windowedInto(fixed(), EndingGroup.create()).line(),
                        "k END_OF_INPUT 1 @19",
                        "l END_OF_INPUT 1 @19",
                        "l end END_OF_INPUT 2 @19")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void inTheGlobalWindowTheEndIsThatOfTheInput(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "add").watermark(1000);
        scenario.expect(scenario.into(EndingGroup.create()).line(), "k end END_OF_INPUT 1 @9223371950454775")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventWithinTheAllowedLatenessOpensTheGroupAnewAndItEndsAgain(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "add")
                .watermark(30)
                .event(6, "tell add")
                .watermark(40);
        scenario.expect(
                        scenario.windowedInto(
                                        fixed().withAllowedLateness(org.joda.time.Duration.millis(100))
                                                .discardingFiredPanes(),
                                        EndingGroup.create())
                                .line(),
                        "k end END_OF_INPUT 1 @19",
                        "k new late 0 @6",
                        "k end END_OF_INPUT 1 @19")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEndThatFailsIsAnErrorAndTheGroupIsGone(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "add then:fail")
                .watermark(30)
                .event(6, "tell add")
                .watermark(40);
        EndingGroup.Result result = scenario.windowedInto(
                fixed().withAllowedLateness(org.joda.time.Duration.millis(100)).discardingFiredPanes(),
                EndingGroup.create());
        scenario.expect(result.line(), "k new late 0 @6", "k end END_OF_INPUT 1 @19")
                .expectErrors(result.errors(), "HANDLER k timeout @19")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void eachSlidingWindowEndsByItself(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "add").event(15, "add");
        scenario.expect(
                        scenario.windowedInto(
                                        Window.into(SlidingWindows.of(org.joda.time.Duration.millis(20))
                                                .every(org.joda.time.Duration.millis(10))),
                                        EndingGroup.create())
                                .line(),
                        "k end END_OF_INPUT 1 @9",
                        "k end END_OF_INPUT 2 @19",
                        "k end END_OF_INPUT 1 @29")
                .run();
    }
}
