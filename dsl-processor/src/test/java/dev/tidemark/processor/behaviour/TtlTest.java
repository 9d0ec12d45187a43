package dev.tidemark.processor.behaviour;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long groups and fields are remembered: rule G27, in event time. */
final class TtlTest {
    @ParameterizedTest
    @EnumSource
    void aGroupIsForgottenUnseenAfterItsTimeToLive(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "a")
                .event(10, "b")
                .watermark(20)
                .event(20, "c")
                .watermark(31)
                .event(31, "d");
        StaleGroup.Result result = scenario.into(StaleGroup.create());
        scenario.expect(result.line(), "k new 11 @0", "k 22 @10", "k 33 @20", "k new 11 @31")
                .expectUpdates(result.updates(), "k new 11 @0", "k 22 @10", "k 33 @20", "k new 11 @31")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventBeyondTheTimeToLiveFindsANewGroupThoughTheWatermarkIsBehind(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "a").event(11, "b");
        scenario.expect(scenario.into(StaleGroup.create()).line(), "k new 11 @0", "k new 11 @11")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void theTimeToLiveTakesTheTimeoutAlong(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add at:50")
                .event(30, "tell")
                .event("l", 0, "add at:8")
                .watermark(100);
        scenario.expect(scenario.into(StaleInOrderGroup.transform()), "k new 0 @30", "l TIMEOUT 1 @8")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeToLiveMayBeOverriddenInThePipeline(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "a").event(11, "b");
        scenario.expect(
                        scenario.into(StaleGroup.create().withTtl(Duration.ofMillis(20)))
                                .line(),
                        "k new 11 @0",
                        "k 22 @11")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aFieldIsForgottenAfterItsTimeToLiveAndNotBefore(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "mood:glad rank:7 room:attic word:hello visit:home picture:self")
                .event(10, "tell")
                .event(11, "tell")
                .event(12, "mood:sad word:again")
                .event(22, "tell")
                .event(23, "tell");
        scenario.expect(
                        scenario.into(ProfileGroup.create()).line(),
                        "k 2 glad self 7 {home=1} [attic] [hello] @10",
                        "k 3 calm self null {home=1} [] [] @11",
                        "k 5 sad self null {home=1} [] [again] @22",
                        "k 6 calm self null {home=1} [] [] @23")
                .run();
    }
}
