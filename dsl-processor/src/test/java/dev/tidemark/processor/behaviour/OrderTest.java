package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events out of order, late ones, and times that no event can have. */
final class OrderTest {
    @ParameterizedTest
    @EnumSource
    void everyOrderOfArrivalWithinTheLatenessGivesTheSameRows(OnRunner runner) {
        int[][] orders = {{0, 2, 4}, {0, 4, 2}, {2, 0, 4}, {2, 4, 0}, {4, 0, 2}, {4, 2, 0}};
        Scenario scenario = new Scenario(runner);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < orders.length; i++) {
            String key = "k" + i;
            for (int time : orders[i]) {
                scenario.event(key, time, "add note:" + time + " tell");
            }
            expected.addAll(List.of(key + " new 10 @0", key + " 202 @2", key + " 3024 @4"));
        }
        OrderedGroup.Result result = scenario.watermark(4).into(OrderedGroup.create());
        scenario.expect(result.line(), expected.toArray(String[]::new))
                .expectEvents(result.late())
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void eventsOfOneTimeHaveOneOrderHoweverTheyCome(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 7, "add note:x tell")
                .event("a", 7, "add note:y tell")
                .event("b", 7, "add note:y tell")
                .event("b", 7, "add note:x tell");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "a new 1x @7", "a 2xy @7", "b new 1x @7", "b 2xy @7")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventIsLateByAMillisecondBeyondTheLateness(OnRunner runner) {
        Scenario scenario = new Scenario(runner).watermark(20).event(15, "tell").event(14, "tell");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k new 0 @15")
                .expectEvents(result.late(), "k tell @14")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventBehindOneThatWasHandledIsLate(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(10, "tell")
                .watermark(30)
                .event(31, "tell")
                .event(9, "tell");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k new 0 @10", "k 0 @31")
                .expectEvents(result.late(), "k tell @9")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventForAGroupThatIsOverIsLate(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add")
                .watermark(40)
                .event(3, "add")
                .event(41, "add");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @10", "k TIMEOUT 1 @51")
                .expectEvents(result.late(), "k add @3")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void lateEventsAreCounted(OnRunner runner) {
        Scenario emitting = new Scenario(runner).watermark(40).event(3, "add").event(4, "add");
        emitting.into(SessionsGroup.create());
        assertThat(Scenario.counted(emitting.run(), "sessions", "late.emitted")).isEqualTo(2);
        Scenario dropping = new Scenario(runner).watermark(40).event(3, "tell");
        dropping.expect(dropping.into(ExplicitGroup.create()).line());
        assertThat(Scenario.counted(dropping.run(), "explicit", "late.dropped")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void anAcceptedLateEventIsHandledAtOnceAndKnowsIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(10, "add")
                .watermark(15)
                .event(3, "add tell")
                .event(12, "add tell");
        AcceptingGroup.Result result = scenario.into(AcceptingGroup.create());
        scenario.expect(result.line(), "k late 2 @3", "k late 3 @12", "k TIMEOUT 3 @22")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anAcceptedLateEventMayOpenAGroup(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .watermark(15)
                .event(3, "add tell")
                .watermark(40)
                .event(41, "tell");
        AcceptingGroup.Result result = scenario.into(AcceptingGroup.create());
        scenario.expect(result.line(), "k new late 1 @3", "k TIMEOUT 1 @13", "k new 0 @41", "k TIMEOUT 0 @51")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aWatermarkThatJumpsOverSeveralSessionsClosesEach(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "add")
                .event(20, "add add")
                .event(40, "add")
                .event(44, "add");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(result.line(), "k TIMEOUT 1 @10", "k TIMEOUT 2 @30", "k TIMEOUT 2 @54")
                .expectEvents(result.late())
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aKeyWithoutEventsTimesOutWhileOthersGoOn(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("idle", 0, "add")
                .event("busy", 8, "add")
                .watermark(14)
                .event("busy", 16, "add")
                .watermark(22)
                .event("idle", 23, "add tell")
                .event("busy", 24, "add");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(
                        result.line(),
                        "idle TIMEOUT 1 @10",
                        "idle new 1 @23",
                        "busy TIMEOUT 3 @34",
                        "idle TIMEOUT 1 @33")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventFarInTheFutureDelaysNoOtherKey(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("far", 1000000000000000L, "add")
                .event("near", 0, "add")
                .watermark(40)
                .event("near", 41, "tell");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(
                        result.line(),
                        "near TIMEOUT 1 @10",
                        "near new 0 @41",
                        "near TIMEOUT 0 @51",
                        "far TIMEOUT 1 @1000000000000010")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void theSameKeyMayHaveAnEventFarInTheFuture(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1000000000000000L, "add")
                .event(0, "add")
                .watermark(40)
                .event(41, "tell");
        SessionsGroup.Result result = scenario.into(SessionsGroup.create());
        scenario.expect(
                        result.line(),
                        "k TIMEOUT 1 @10",
                        "k new 0 @41",
                        "k TIMEOUT 0 @51",
                        "k TIMEOUT 1 @1000000000000010")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void timesThatNoEventCanHaveAreErrors(OnRunner runner) {
        Scenario scenario = new Scenario(runner);
        for (Instant time : List.of(
                Instant.MIN,
                Instant.MAX,
                Instant.ofEpochMilli(BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis()),
                Instant.ofEpochMilli(BoundedWindow.TIMESTAMP_MAX_VALUE.getMillis()))) {
            scenario.event(TimestampedValue.of(new Said("k", time, "tell"), org.joda.time.Instant.ofEpochMilli(1)));
        }
        SessionsGroup.Result result = scenario.batch().apply(SessionsGroup.create());
        scenario.expect(result.line())
                .expectErrors(
                        result.errors(),
                        "EVENT_TIME_OUT_OF_RANGE k tell @1",
                        "EVENT_TIME_OUT_OF_RANGE k tell @1",
                        "EVENT_TIME_OUT_OF_RANGE k tell @1",
                        "EVENT_TIME_OUT_OF_RANGE k tell @1")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void theEarliestAndTheLatestTimeOfAnEventAreTimesLikeOthers(OnRunner runner) {
        long earliest = BoundedWindow.TIMESTAMP_MIN_VALUE.getMillis() + 1;
        long latest = GlobalWindow.INSTANCE.maxTimestamp().getMillis();
        Scenario scenario = new Scenario(runner).event("first", earliest, "add").event("last", latest, "add");
        SessionsGroup.Result result = scenario.batch().apply(SessionsGroup.create());
        scenario.expect(result.line(), "first TIMEOUT 1 @" + (earliest + 10), "last END_OF_INPUT 1 @" + latest)
                .run();
    }
}
