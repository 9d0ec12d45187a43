package dev.tidemark.processor.behaviour;

import java.util.List;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The forms that a group and its handlers may have. */
final class FormsTest {
    @ParameterizedTest
    @EnumSource
    void aGroupMayBeGivenComputeItsKeyAndReturnItsRowsAsAListOrAStream(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        GreeterGroup.Result result = scenario.pipeline()
                .apply(Create.of(new Greeter.Guest("Ann", 1), new Greeter.Guest("Bob", 2), new Greeter.Guest("Al", 3))
                        .withCoder(GreeterGroup.inputCoder()))
                .apply(GreeterGroup.create(new Greeter("hello")));
        scenario.expect(
                        result.line(),
                        "A hello Ann @1",
                        "A number 1 @1",
                        "A hello Al @3",
                        "A number 2 @3",
                        "A TIMEOUT 2 @13",
                        "A closed 0 @13",
                        "B hello Bob @2",
                        "B number 1 @2",
                        "B TIMEOUT 1 @12",
                        "B closed 0 @12")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aSettingOfTheAnnotationMayBeOverriddenInThePipeline(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        GreeterGroup.Result result = scenario.pipeline()
                .apply(Create.of(new Greeter.Guest("Ann", 1)).withCoder(GreeterGroup.inputCoder()))
                .apply(GreeterGroup.create(new Greeter("hello")).withTimeoutAfter(java.time.Duration.ofMillis(70)));
        scenario.expect(result.line(), "A hello Ann @1", "A number 1 @1", "A TIMEOUT 1 @71", "A closed 0 @71")
                .run();
    }

    private static Fridge.Put put(String flat, long time, int shelf, String food) {
        return new Fridge.Put(flat, Instant.ofEpochMilli(time), shelf, food);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyMayHaveSeveralComponentsAndAHandlerMayTakeEach(OnRunner runner) {
        List<Fridge.Put> puts = List.of(
                put("x", 1, 1, "milk"),
                put("x", 5, 2, "milk"),
                put("x", 20, 1, "eggs"),
                put("x", 22, 1, "milk"),
                put("y", 3, 1, "milk"));
        String[] expected = {
            "x1 new milk @1",
            "x2 new milk @5",
            "x1 new eggs @20",
            "y1 new milk @3",
            "x1 [eggs, milk] of late [eggs, milk] @72",
            "x2 [milk] of late [milk] @55",
            "y1 [milk] of late [milk] @53"
        };
        Scenario scenario = new Scenario(runner);
        scenario.expect(
                        scenario.pipeline()
                                .apply("made", Create.of(puts).withCoder(FridgeGroup.inputCoder()))
                                .apply("made group", FridgeGroup.create())
                                .line(),
                        expected)
                .expect(
                        scenario.pipeline()
                                .apply("given", Create.of(puts).withCoder(FridgeGroup.inputCoder()))
                                .apply("given group", FridgeGroup.create(new Fridge("given")))
                                .line(),
                        expected)
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aNullInAKeyOfSeveralComponentsIsAnError(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        FridgeGroup.Result result = scenario.pipeline()
                .apply(Create.of(put(null, 1, 1, "milk"), put("x", 2, 1, "milk"))
                        .withCoder(FridgeGroup.inputCoder()))
                .apply(FridgeGroup.create());
        scenario.expect(result.line(), "x1 new milk @2", "x1 [milk] of late [milk] @52")
                .expectTexts(
                        result.errors()
                                .apply(org.apache.beam.sdk.transforms.MapElements.into(
                                                org.apache.beam.sdk.values.TypeDescriptors.strings())
                                        .via(failed -> failed.reason() + " "
                                                + failed.input().food())),
                        "NULL_KEY milk")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatTheEndOfTheWindowDiscardsIsDeletedThere(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event("a", 2, "x").event("b", 15, "y").event("c", 21, "z");
        DiscardingBoardGroup.Result result =
                scenario.windowedInto(Window.into(FixedWindows.of(Duration.millis(20))), DiscardingBoardGroup.create());
        scenario.expectUpdates(
                        result.updates(),
                        "a x1 @2",
                        "a last @12",
                        "a gone @12",
                        "b y1 @15",
                        "b gone @19",
                        "c z1 @21",
                        "c last @31",
                        "c gone @31")
                .expect(result.line(), "a x1 @2", "a last @12", "b y1 @15", "c z1 @21", "c last @31")
                .run();
    }
}
