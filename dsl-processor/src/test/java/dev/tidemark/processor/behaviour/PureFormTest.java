package dev.tidemark.processor.behaviour;

import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups whose state is a record: what Spark calls mapGroupsWithState, as a function without side effects. */
final class PureFormTest {
    @ParameterizedTest
    @EnumSource
    void aStepReplacesTheStateEmitsRowsAndSetsTheTimeout(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "a")
                .event(5, "b")
                .watermark(40)
                .event(41, "c")
                .watermark(80);
        CountsGroup.Result result = scenario.into(CountsGroup.create());
        scenario.expect(
                        result.line(),
                        "k 1a @0",
                        "k 2a,b @5",
                        "k TIMEOUT 2 @15",
                        "k 4a,b,idle,c @41",
                        "k TIMEOUT last 4 @51")
                .expectUpdates(
                        result.updates(),
                        "k 1a @0",
                        "k 2a,b @5",
                        "k TIMEOUT 2 @15",
                        "k 4a,b,idle,c @41",
                        "k TIMEOUT last 4 @51",
                        "k gone @51")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatKeepsNothingLeavesNothingAndClearsTheTimeout(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "hush")
                .event(1, "a")
                .event(2, "hush")
                .watermark(30)
                .event(31, "b");
        scenario.expect(scenario.into(CountsGroup.create()).line(), "k 1a @1", "k 2a,b @31", "k TIMEOUT 2 @41")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatRemovesLeavesNothing(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "a").event(1, "bye").event(2, "b");
        CountsGroup.Result result = scenario.into(CountsGroup.create());
        scenario.expect(result.line(), "k 1a @0", "k 2a,bye @1", "k 1b @2", "k TIMEOUT last 1 @12")
                .expectUpdates(
                        result.updates(),
                        "k 1a @0",
                        "k 2a,bye @1",
                        "k gone @1",
                        "k 1b @2",
                        "k TIMEOUT last 1 @12",
                        "k gone @12")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatThrowsOrSetsATimeoutForNothingIsAnErrorAndChangesNothing(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "a")
                .event(1, "throw")
                .event(2, "late")
                .event(3, "b");
        CountsGroup.Result result = scenario.into(CountsGroup.create());
        scenario.expect(result.line(), "k 1a @0", "k 2a,b @3", "k TIMEOUT 2 @13")
                .expectErrors(result.errors(), "HANDLER k throw @1", "HANDLER k late @2")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aStepMayBeginWithAnInitialState(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(5, "b");
        PCollection<KV<String, Counts.Seen>> initial = scenario.pipeline()
                .apply(Create.of(
                                KV.of("k", new Counts.Seen(7, List.of("a"))), KV.of("l", new Counts.Seen(3, List.of())))
                        .withCoder(KvCoder.of(CountsGroup.keyCoder(), CountsGroup.stateCoder())));
        long min = -9223372036854775L;
        scenario.expect(
                        scenario.into(CountsGroup.create().withInitialState(initial))
                                .line(),
                        "k from 7 @" + min,
                        "l from 3 @" + min,
                        "k 8a,b @5",
                        "k TIMEOUT last 8 @15")
                .run();
    }
}
