package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The alarms of a group. Edge cases of the design: several timers beside the timeout. */
final class AlarmTest {
    @ParameterizedTest
    @EnumSource
    void anAlarmGoesOffOnceAtItsTimeAndLeavesTheTimeout(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add first:20 at:40")
                .watermark(100)
                .event(101, "tell close");
        scenario.expect(
                        scenario.into(AlarmsGroup.transform()),
                        "k first TIMEOUT 1 @20",
                        "k TIMEOUT 1 @40",
                        "k new 0 @101")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmStaysSetOverEventsThatDoNotSetIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add first:20")
                .event(5, "add")
                .event(12, "add")
                .watermark(100);
        scenario.expect(scenario.into(AlarmsGroup.transform()), "k first TIMEOUT 3 @20")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmThatIsSetAnewOrCancelledDoesNotGoOffAtItsOldTime(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add first:20 second:20")
                .event(5, "when first:30 second:none")
                .watermark(100);
        scenario.expect(scenario.into(AlarmsGroup.transform()), "k first at Optional[20] @5", "k first TIMEOUT 1 @30")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void alarmsOfOneTimeGoOffAfterTheTimeoutAndByName(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add second:20 first:20 at:20 then:add")
                .watermark(100);
        // The timeout adds one before the alarms tell.
        scenario.expect(
                        scenario.into(AlarmsGroup.transform()),
                        "k TIMEOUT 1 @20",
                        "k first TIMEOUT 2 @20",
                        "k second TIMEOUT 2 @20")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventAtTheTimeOfAnAlarmComesBeforeItAndALaterOneAfter(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add first:20")
                .event(21, "add")
                .event(20, "add")
                .watermark(100);
        scenario.expect(scenario.into(AlarmsGroup.transform()), "k first TIMEOUT 2 @20")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmThatSetsItselfAgainGoesOffUntilTheInputEnds(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(0, "add then:again first:10").watermark(35);
        scenario.expect(
                        scenario.into(AlarmsGroup.transform()),
                        "k first TIMEOUT 1 @10",
                        "k first TIMEOUT 1 @20",
                        "k first TIMEOUT 1 @30")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void closingTheGroupCancelsItsAlarms(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add first:20 second:30")
                .event(5, "close")
                .event("l", 0, "add then:close first:20 second:30")
                .watermark(100);
        scenario.expect(scenario.into(AlarmsGroup.transform()), "l first TIMEOUT 1 @20")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmBeforeItsEventCountsAsTheTimeOfTheEvent(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(50, "add first:20").watermark(100);
        scenario.expect(scenario.into(AlarmsGroup.transform()), "k first TIMEOUT 1 @50")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmBeyondTheEndOfItsWindowGoesOffThere(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "add first:90").event(25, "add second:+4");
        PCollection<Line> lines = scenario.windowedInto(
                        Window.into(FixedWindows.of(org.joda.time.Duration.millis(20))), AlarmsGroup.create())
                .line();
        scenario.expect(lines, "k first END_OF_INPUT 1 @19", "k second TIMEOUT 1 @29")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmWhoseHandlerThrowsStopsTheJobWithItsName(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(0, "add then:fail first:20").watermark(100);
        scenario.into(AlarmsGroup.transform());
        assertThatThrownBy(scenario::run)
                .hasStackTraceContaining("alarms: Alarms.first failed for key \"k\"")
                .hasStackTraceContaining("on purpose");
    }

    @ParameterizedTest
    @EnumSource
    void anAlarmByTheClockGoesOffOnceTheClockHasPassedIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(3, "+100")
                .event(4, "+100")
                .clockAdvances(101)
                .clockAdvances(11);
        scenario.expect(scenario.into(AlarmsByClockGroup.transform()), "k TIMEOUT 2 @4", "k TIMEOUT 3 @4")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aGroupByTheClockThatExistsWhenItsWindowEndsIsToldSo(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(3, "none");
        scenario.expect(scenario.into(AlarmsByClockGroup.transform()), "k end 1 @9223371950454775")
                .run();
    }
}
