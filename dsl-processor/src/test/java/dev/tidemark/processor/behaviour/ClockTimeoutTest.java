package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timeouts by the wall clock. */
final class ClockTimeoutTest {
    private static final long END = GlobalWindow.INSTANCE.maxTimestamp().getMillis();

    @ParameterizedTest
    @EnumSource
    void aTimeoutFiresOnceTheClockHasPassedIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add after:10")
                .clockAdvances(5)
                .event(2, "tell after:10")
                .clockAdvances(7)
                .event(3, "tell after:10")
                .clockAdvances(20)
                .event(4, "tell");
        ByClockGroup.Result result = scenario.into(ByClockGroup.create());
        scenario.expect(result.line(), "k 1 @2", "k 1 @3", "k TIMEOUT 1 @3", "k new 0 @4")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatAHandlerDoesNotSetAgainIsGone(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add after:10")
                .clockAdvances(5)
                .event(2, "nothing")
                .clockAdvances(50)
                .event(3, "tell");
        ByClockGroup.Result result = scenario.into(ByClockGroup.create());
        scenario.expect(result.line(), "k 1 @3").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutSetAfterOneThatWasNotSetAgainFires(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "after:10")
                .clockAdvances(5)
                .event(2, "nothing")
                .clockAdvances(20)
                .event(3, "add after:10")
                .clockAdvances(20)
                .event(4, "tell");
        ByClockGroup.Result result = scenario.into(ByClockGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @3", "k new 0 @4").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutSetAnewEarlierFiresEarlier(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "after:100")
                .clockAdvances(5)
                .event(2, "after:10")
                .clockAdvances(20)
                .event(3, "tell");
        ByClockGroup.Result result = scenario.into(ByClockGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @2", "k new 0 @3").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatSetsItselfAgainFiresAgain(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "then:add+after:10 after:10")
                .clockAdvances(11)
                .clockAdvances(11)
                .event(2, "tell");
        ByClockGroup.Result result = scenario.into(ByClockGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 0 @1", "k TIMEOUT 1 @1", "k 2 @2")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aDelayOfNothingStopsTheJob(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(1, "after:0");
        scenario.into(ByClockGroup.create());
        assertThatThrownBy(scenario::run).hasStackTraceContaining("a timeout must be at least a millisecond away");
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutPendingAtTheEndOfTheInputFiresThere(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add after:100")
                .event("l", 1, "add")
                .event("l", 2, "close");
        ByClockGroup.Result result = scenario.into(ByClockGroup.create());
        scenario.expect(result.line(), "k END_OF_INPUT 1 @" + END).run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutPendingAtTheEndOfTheInputIsDiscardedIfTheGroupSaysSo(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event("a", 1, "add").clockAdvances(20).event("b", 2, "add tell");
        ByClockDiscardingGroup.Result result = scenario.into(ByClockDiscardingGroup.create());
        scenario.expect(result.line(), "a TIMEOUT 1 @1", "b new 1 @2").run();
    }
}
