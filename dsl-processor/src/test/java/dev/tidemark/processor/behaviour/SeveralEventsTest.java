package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handlers that take several events at once: rule G1. */
final class SeveralEventsTest {
    private static final long END = GlobalWindow.INSTANCE.maxTimestamp().getMillis();
    private static final int CASES = 300;

    // ------------------------------------------------------------------ in the order of arrival

    @ParameterizedTest
    @EnumSource
    void eventsWaitUntilThereAreEnoughOfThemAndTheRestUntilTheInputEnds(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(4, "add")
                .event(7, "add")
                .event(5, "tell")
                .event(9, "add")
                .event(2, "tell");
        scenario.expect(
                        scenario.into(GatheringGroup.create()).line(),
                        "k [add, add, tell] @7",
                        "k new 2 @7",
                        "k [add, tell] @9",
                        "k 3 @9")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void eventsWaitNoLongerThanTheDelayOfTheFirst(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(5, "say:a")
                .clockAdvances(6)
                .event(1, "say:b")
                .clockAdvances(5)
                .event(6, "say:c")
                .clockAdvances(11)
                .event(7, "tell");
        scenario.expect(
                        scenario.into(GatheringGroup.create()).line(),
                        "k [say:a, say:b] @5",
                        "k a @5",
                        "k b @5",
                        "k [say:c] @6",
                        "k c @6",
                        "k [tell] @7",
                        "k 0 @7")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void eachKeyHasABatchOfItsOwn(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("k", 1, "add")
                .event("l", 2, "add")
                .event("k", 3, "add")
                .event("l", 4, "add")
                .event("k", 5, "tell");
        scenario.expect(
                        scenario.into(GatheringGroup.create()).line(),
                        "k [add, add, tell] @5",
                        "k new 2 @5",
                        "l [add, add] @4")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void whatABatchEmitsIsNotLateThoughTheWatermarkHasMovedOn(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(9, "nothing")
                .event(3, "nothing")
                .watermark(100)
                .clockAdvances(11)
                .event(104, "nothing");
        PCollection<KV<String, Long>> counts = scenario.into(GatheringGroup.create())
                .line()
                .apply(Window.into(FixedWindows.of(org.joda.time.Duration.millis(10))))
                .apply(MapElements.into(TypeDescriptors.strings()).via(Line::text))
                .apply(Count.perElement());
        scenario.expectTexts(counts.apply(ParDo.of(new CountText())), "[nothing, nothing] 1 @9", "[nothing] 1 @109")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsIsHandledWhenItsWindowEnds(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add")
                .event(22, "tell")
                .event(2, "tell")
                .watermark(30);
        scenario.expect(
                        scenario.windowedInto(
                                        Window.into(FixedWindows.of(org.joda.time.Duration.millis(20))),
                                        GatheringGroup.create())
                                .line(),
                        "k [add, tell] @2",
                        "k new 1 @2",
                        "k [tell] @22",
                        "k new 0 @22")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatFailsIsEmittedEventByEventAndLeavesTheStateAsItWas(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add")
                .event(2, "add")
                .event(3, "add")
                .event(4, "add say:no")
                .event(5, "throw:up")
                .event(6, "add")
                .event(7, "tell");
        GatheringGroup.Result result = scenario.into(GatheringGroup.create());
        scenario.expect(result.line(), "k [add, add, add] @3", "k [tell] @7", "k 3 @7")
                .expectErrors(result.errors(), "HANDLER k add say:no @4", "HANDLER k throw:up @5", "HANDLER k add @6")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void theBoundsMayBeOverriddenInThePipeline(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "nothing")
                .clockAdvances(11)
                .event(2, "nothing")
                .event(3, "nothing");
        scenario.expect(
                        scenario.into(GatheringGroup.create().withMaxBatch(2).withMaxDelay(Duration.ofSeconds(1)))
                                .line(),
                        "k [nothing, nothing] @2",
                        "k [nothing] @3")
                .run();
    }

    @Test
    void aBatchWithoutRoomForAnEventIsRefused() {
        assertThatThrownBy(() -> GatheringGroup.create().withMaxBatch(0))
                .hasMessage("gathering: a batch has at least one event, but maxBatch is 0");
        assertThatThrownBy(() -> GatheringGroup.create().withMaxDelay(Duration.ZERO))
                .hasMessage("gathering: a duration must be at least a millisecond, but is PT0S");
    }

    @ParameterizedTest
    @EnumSource
    void aGroupIsForgottenBetweenTwoEventsThatWaitedTogether(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(1, "add tell").event(11, "add tell").event(22, "add tell");
        scenario.expect(
                        scenario.into(GatheringStaleGroup.transform()),
                        "k [add tell, add tell] @11",
                        "k new 1 @11",
                        "k new 2 @11",
                        "k [add tell] @22",
                        "k new 1 @22")
                .run();
    }

    // ------------------------------------------------------------------ beside timeouts

    @ParameterizedTest
    @EnumSource
    void aTimeoutWaitsForTheEventsThatCameBeforeIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add")
                .clockAdvances(11)
                .event(5, "add")
                .watermark(40)
                .event(41, "tell");
        scenario.expect(
                        scenario.into(GatheringTimedGroup.transform()),
                        "k [add] @0",
                        "k [add] @5",
                        "k TIMEOUT 2 @15",
                        "k [tell] @41",
                        "k new 0 @41",
                        "k TIMEOUT 0 @51")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventThatIsLateComesAloneAfterThoseThatWait(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(20, "add")
                .watermark(15)
                .event(14, "say:sorry")
                .event(21, "nothing")
                .watermark(100);
        scenario.expect(
                        scenario.into(GatheringTimedGroup.transform()),
                        "k [add] @20",
                        "k late [say:sorry] @14",
                        "k sorry @14",
                        "k [nothing] @21",
                        "k TIMEOUT 1 @31")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutByTheWallClockWaitsForTheEventsThatCameBeforeIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add after:15")
                .clockAdvances(11)
                .event(2, "add")
                .event(3, "after:5")
                .clockAdvances(8)
                .event(4, "add after:100")
                .clockAdvances(9)
                .clockAdvances(9);
        scenario.expect(
                        scenario.into(GatheringByClockGroup.transform()),
                        "k [add after:15] @1",
                        "k [add, after:5, add after:100] @4",
                        "k END_OF_INPUT 3 @" + END)
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsAtTheEndOfTheInputComesBeforeATimeoutByTheWallClock(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("k", 1, "add after:15")
                .event("l", 1, "add after:100")
                .clockAdvances(11)
                .event("l", 2, "add close");
        scenario.expect(
                        scenario.into(GatheringByClockGroup.transform()),
                        "k [add after:15] @1",
                        "k END_OF_INPUT 1 @" + END,
                        "l [add after:100] @1",
                        "l [add close] @2")
                .run();
    }

    // ------------------------------------------------------------------ in the order of events

    @ParameterizedTest
    @EnumSource
    void theWatermarkReleasesBatchesThatEndWhereTheTimeoutIsDue(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(31, "note:e")
                .event(0, "note:a")
                .event(9, "note:c")
                .event(5, "note:b")
                .event(19, "note:d")
                .event(30, "tell")
                .watermark(100);
        scenario.expect(
                        scenario.into(OrderedBatchesGroup.transform()),
                        "k [note:a, note:b, note:c] @9",
                        "k [note:d] @19",
                        "k TIMEOUT 0abcd @29",
                        "k [tell, note:e] @31",
                        "k new 0 @31",
                        "k TIMEOUT 0e @41")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatIsSetAlreadyEndsABatch(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "at:10")
                .watermark(2)
                .event(5, "add")
                .event(10, "add at:20")
                .event(11, "tell")
                .event(21, "tell")
                .watermark(100);
        scenario.expect(
                        scenario.into(OrderedExplicitGroup.transform()),
                        "k [at:10] @0",
                        "k [add, add at:20] @10",
                        "k [tell] @11",
                        "k 2 @11",
                        "k [tell] @21",
                        "k 2 @21")
                .run();
    }

    // ------------------------------------------------------------------ one at a time

    @ParameterizedTest
    @EnumSource
    void withoutBoundsThereIsOneEventWhichDoesNotWait(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(2, "add").event(1, "tell");
        scenario.expect(scenario.into(OneByOneGroup.transform()), "k [add] @2", "k [tell] @1", "k 1 @1")
                .run();
        DoFnSignature signature = DoFnSignatures.getSignature(OneByOneDoFn.class);
        assertThat(signature.timerDeclarations()).isEmpty();
        assertThat(signature.stateDeclarations()).doesNotContainKeys("~inbox", "~waiting");
    }

    // ------------------------------------------------------------------ any

    @Test
    void whatWaitsSurvivesACrash() {
        GatheringTester tester = GatheringTester.create()
                .event("k", "00:00:01", "add")
                .event("k", "00:00:02", "add")
                .crashAndRestore()
                .clock(Duration.ofMillis(9))
                .crashAndRestore();
        assertThat(tester.rows()).isEmpty();
        tester.clock(Duration.ofMillis(1))
                .crashAndRestore()
                .event("k", "00:00:03", "tell")
                .end();
        tester.assertRows(new Line("k", "[add, add]"), new Line("k", "[tell]"), new Line("k", "2"));
    }

    /** Where the timeout re-arms itself, batches change nothing but how many events come at once. */
    @Test
    void inTheOrderOfEventsTimeoutsAreThoseOfEventsThatComeOneByOne() {
        for (long seed = 1; seed <= CASES; seed++) {
            Random random = new Random(seed);
            SessionsTester one = SessionsTester.create();
            OrderedBatchesTester several = OrderedBatchesTester.create();
            FromFirstBatchesTester fromFirst = FromFirstBatchesTester.create();
            FromFirstInOrderTester fromFirstOne = FromFirstInOrderTester.create();
            long watermark = 0;
            for (int i = 0; i < 30; i++) {
                if (random.nextInt(4) == 0) {
                    watermark += random.nextInt(30);
                    java.time.Instant to = java.time.Instant.ofEpochMilli(watermark);
                    one.watermark(to);
                    several.watermark(to);
                    fromFirst.watermark(to);
                    fromFirstOne.watermark(to);
                } else {
                    String time = java.time.Instant.ofEpochMilli(watermark + random.nextInt(60))
                            .toString();
                    one.event("k", time, "add");
                    several.event("k", time, "add");
                    fromFirst.event("k", time, "add");
                    fromFirstOne.event("k", time, "add");
                }
            }
            one.end();
            several.end();
            fromFirst.end();
            fromFirstOne.end();
            assertThat(timeouts(several.rows())).as("seed %d", seed).isEqualTo(timeouts(one.rows()));
            assertThat(timeouts(fromFirst.rows()))
                    .as("seed %d, from the first event", seed)
                    .isEqualTo(timeouts(fromFirstOne.rows()));
        }
    }

    private static List<Line> timeouts(List<Line> rows) {
        List<Line> timeouts = new ArrayList<>(rows);
        timeouts.removeIf(each -> each.text().startsWith("["));
        return timeouts;
    }

    static final class CountText extends DoFn<KV<String, Long>, String> {
        @ProcessElement
        public void process(
                @Element KV<String, Long> count, @Timestamp org.joda.time.Instant time, OutputReceiver<String> out) {
            out.output(count.getKey() + " " + count.getValue() + " @" + time.getMillis());
        }
    }
}
