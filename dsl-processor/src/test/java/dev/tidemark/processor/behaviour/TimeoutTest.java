package dev.tidemark.processor.behaviour;

import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a timeout in event time fires, how often, and with what time. */
final class TimeoutTest {
    private static final long END = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    @ParameterizedTest
    @EnumSource
    void aTimeoutDoesNotFireWhileTheWatermarkIsAtItsTime(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(1, "add at:10").watermark(10).event(11, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 1 @11").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutFiresOnceTheWatermarkIsPastItsTime(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(1, "add at:10").watermark(12).event(13, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @10", "k new 0 @13").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutIsNotDueBeforeTheWatermarkIsPastTheMillisecondAfterIt(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(1, "add at:10").watermark(11).event(12, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 1 @12").run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventAtTheTimeOfTheTimeoutComesBeforeIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "add at:10").event(10, "tell at:50");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k 1 @10", "k TIMEOUT 1 @50").run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventAtTheTimeOfTheTimeoutComesBeforeItHoweverLateItMayBe(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(0, "add at:10").watermark(15).event(10, "tell at:50");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k 1 @10", "k TIMEOUT 1 @50")
                .expectEvents(result.late())
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventAfterTheTimeOfTheTimeoutComesAfterIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "add at:10").event(11, "tell");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @10", "k new 0 @11").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutSetAnewLaterFiresLater(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "at:10")
                .event(2, "at:20")
                .watermark(15)
                .event(16, "tell at:20");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 0 @16", "k TIMEOUT 0 @20").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutSetAnewEarlierFiresEarlier(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "at:30")
                .event(2, "at:10")
                .watermark(15)
                .event(16, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @10", "k new 0 @16").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatAHandlerDoesNotSetAgainIsGone(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add at:10")
                .event(2, "nothing")
                .watermark(30)
                .event(31, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 1 @31").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutTakenBackDoesNotFire(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add at:10")
                .event(2, "at:10 none")
                .watermark(30)
                .event(31, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 1 @31").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutTakenBackAndSetLaterFiresThen(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "at:10")
                .event(2, "none")
                .watermark(20)
                .event(21, "add at:40")
                .watermark(30)
                .event(31, "tell at:40");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 1 @31", "k TIMEOUT 1 @40").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutFiresOnce(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "then:nothing at:10")
                .watermark(20)
                .watermark(30)
                .watermark(40)
                .event(41, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @10", "k 0 @41").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatSetsItselfAgainFiresUntilTheInputEnds(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "then:after:10 at:10").watermark(35);
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @10", "k TIMEOUT 0 @20", "k TIMEOUT 0 @30", "k TIMEOUT 0 @40")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatSetsItselfAgainFiresBetweenTheEventsOfABatch(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "then:after:10 at:10").event(25, "tell after:10");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @10", "k TIMEOUT 0 @20", "k 0 @25", "k TIMEOUT 0 @35")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatSetsItselfToItsOwnTimeMovesOnByAMillisecond(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "then:at:10 at:10").event(12, "tell close");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @10", "k TIMEOUT 0 @11", "k 0 @12")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutBeforeItsEventCountsAsTheTimeOfTheEvent(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(20, "at:5");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @20").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutBehindTheWatermarkFiresAtOnce(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "at:60")
                .watermark(50)
                .event(51, "at:51")
                .watermark(54)
                .event(55, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @51", "k new 0 @55").run();
    }

    @ParameterizedTest
    @EnumSource
    void timeoutsAndEventsMayBeBeforeTheYear1970(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(-50, "at:-40")
                .event("l", -50, "at:-60")
                .watermark(-30)
                .event(-20, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @-40", "l TIMEOUT 0 @-50", "k new 0 @-20")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutBeyondTheEndOfTimeFiresAtTheEndOfTheInput(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(1, "at:9223372036854775807").event("l", 1, "after:9223372036854775807");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k END_OF_INPUT 0 @" + END, "l END_OF_INPUT 0 @" + END)
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aDelayOfNothingIsRefused(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(1, "after:0").event(2, "after:-1").event(3, "tell after:1");
        ForgivingGroup.Result result = scenario.into(ForgivingGroup.create());
        scenario.expect(result.line(), "k new 0 @3", "k TIMEOUT 0 @4")
                .expectErrors(result.errors(), "HANDLER k after:0 @1", "HANDLER k after:-1 @2")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void eventsOfOneBundleComeBeforeATimeoutBetweenThemWhenHandledAsTheyCome(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).together(Scenario.said("k", 0, "add at:10"), Scenario.said("k", 20, "tell at:40"));
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 1 @20", "k TIMEOUT 1 @40").run();
    }

    @ParameterizedTest
    @EnumSource
    void eventsOfOneBundleHaveATimeoutBetweenThemWhenHandledInOrder(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).together(Scenario.said("k", 0, "add at:10"), Scenario.said("k", 20, "tell at:40"));
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @10", "k new 0 @20", "k TIMEOUT 0 @40")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void theFiringForAClosedGroupDoesNotTouchTheOneOpenedAfterIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "at:10")
                .event(1, "close")
                .event(2, "add at:30")
                .watermark(20)
                .event(21, "tell at:30")
                .watermark(40);
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k 1 @21", "k TIMEOUT 1 @30").run();
    }

    @ParameterizedTest
    @EnumSource
    void groupsWithTheSameTimeoutAllTimeOut(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 0, "add at:10")
                .event("b", 1, "at:10")
                .event("c", 2, "at:11");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "a TIMEOUT 1 @10", "b TIMEOUT 0 @10", "c TIMEOUT 0 @11")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutReArmsItselfAfterEachEvent(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "add").event(8, "add").event(16, "add");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 3 @26").run();
    }

    @ParameterizedTest
    @EnumSource
    void theLongestLifeEndsAGroupHoweverBusy(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add")
                .event(8, "add")
                .event(16, "add")
                .event(24, "add")
                .event(29, "add")
                .event(31, "add");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(result.line(), "k MAX_AGE 5 @30", "k TIMEOUT 1 @41").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutAtTheEndOfTheLongestLifeIsThatEnd(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(0, "add").event(10, "add").event(20, "add");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(result.line(), "k MAX_AGE 3 @30").run();
    }

    @ParameterizedTest
    @EnumSource
    void aGroupThatOutlivesItsLongestLifeBeginsAnother(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "then:add")
                .event(9, "add")
                .event(18, "add")
                .event(27, "add")
                .event(31, "add");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(result.line(), "k MAX_AGE 3 @30", "k TIMEOUT 5 @41").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutFromTheFirstEventIsNotMovedByOthers(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "add").event(5, "add").event(9, "add");
        FromFirstGroup.Result result = scenario.into(FromFirstGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 3 @10").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutFromTheLastEventFollowsTheOrderOfArrival(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(20, "add").event(5, "add");
        FromLastGroup.Result result = scenario.into(FromLastGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 2 @15").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutFromTheLatestEventIsNotMovedBackByAnEarlierOne(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(20, "a").event(15, "b");
        BoardGroup.Result result = scenario.into(BoardGroup.create());
        scenario.expectUpdates(result.updates(), "k a1 @20", "k b2 @15", "k gone @30")
                .run();
    }
}
