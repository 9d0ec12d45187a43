package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a group begins and ends, and what a handler that fails leaves behind. */
final class LifecycleTest {
    @ParameterizedTest
    @EnumSource
    void onlyTheFirstEventOfAKeyFindsANewGroup(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 1, "add tell")
                .event("a", 2, "add tell")
                .event("b", 3, "add tell");
        ForeverGroup.Result result = scenario.into(ForeverGroup.create());
        scenario.expect(result.line(), "a new 1 @1", "a 2 @2", "b new 1 @3").run();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenAfterACloseInTheSameCallOpensTheGroupAnew(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add add note:x")
                .event(2, "close add note:y tell")
                .event(3, "tell");
        ForeverGroup.Result result = scenario.into(ForeverGroup.create());
        scenario.expect(result.line(), "k 1y @2", "k 1y @3").run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventAfterACloseFindsANewGroupWithoutState(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(1, "add note:x close").event(2, "tell");
        ForeverGroup.Result result = scenario.into(ForeverGroup.create());
        scenario.expect(result.line(), "k new 0 @2").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutSetAfterACloseFiresWithoutState(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add note:x close at:30")
                .watermark(32)
                .event(40, "tell");
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line(), "k TIMEOUT new 0 @30", "k new 0 @40").run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutSetBeforeACloseIsGone(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(1, "add at:30 close").watermark(40);
        ExplicitGroup.Result result = scenario.into(ExplicitGroup.create());
        scenario.expect(result.line()).run();
    }

    @ParameterizedTest
    @EnumSource
    void aGroupWhoseHandlerWritesNothingExists(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(1, "nothing").event(2, "tell");
        ForeverGroup.Result result = scenario.into(ForeverGroup.create());
        scenario.expect(result.line(), "k 0 @2").run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventWithoutATimeIsAnError(OnRunner runner) {
        TimestampedValue<Said> timeless =
                TimestampedValue.of(new Said("k", null, "add"), org.joda.time.Instant.ofEpochMilli(5));
        Scenario scenario = new Scenario(runner).event(timeless).event(6, "add tell");
        ForeverGroup.Result result = scenario.into(ForeverGroup.create());
        scenario.expect(result.line(), "k new 1 @6")
                .expectErrors(result.errors(), "NO_EVENT_TIME k add @5")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventWithoutAKeyIsAnError(OnRunner runner) {
        TimestampedValue<Said> keyless = TimestampedValue.of(
                new Said(null, Instant.ofEpochMilli(5), "add"), org.joda.time.Instant.ofEpochMilli(5));
        Scenario scenario = new Scenario(runner).event(keyless).event(6, "add tell");
        ForeverGroup.Result result = scenario.into(ForeverGroup.create());
        scenario.expect(result.line(), "k new 1 @6")
                .expectErrors(result.errors(), "NULL_KEY null add @5")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anEventWhoseTimeIsNotItsTimestampIsAnErrorInAStream(OnRunner runner) {
        TimestampedValue<Said> shifted = TimestampedValue.of(
                new Said("k", Instant.ofEpochMilli(4), "add"), org.joda.time.Instant.ofEpochMilli(5));
        Scenario scenario = new Scenario(runner).event(shifted);
        ForeverGroup.Result result = scenario.into(ForeverGroup.create());
        scenario.expect(result.line())
                .expectErrors(result.errors(), "EVENT_TIME_MISMATCH k add @5")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void timestampsAreAssignedToAStreamThatAsksForIt(OnRunner runner) {
        TimestampedValue<Said> shifted = TimestampedValue.of(
                new Said("k", Instant.ofEpochMilli(4), "tell"), org.joda.time.Instant.ofEpochMilli(5));
        Scenario scenario = new Scenario(runner).event(shifted);
        ForeverGroup.Result result = scenario.into(ForeverGroup.create().assignTimestamps());
        scenario.expect(result.line(), "k new 0 @4")
                .expectErrors(result.errors())
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsHasDoneNothing(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add note:x at:50")
                .event(2, "throw:early")
                .event(3, "add note:y say:lost at:90 close throw:late")
                .event(4, "tell at:50");
        ForgivingGroup.Result result = scenario.into(ForgivingGroup.create());
        scenario.expect(result.line(), "k 1x @4", "k TIMEOUT 1x @50")
                .expectErrors(
                        result.errors(),
                        "HANDLER k throw:early @2",
                        "HANDLER k add note:y say:lost at:90 close throw:late @3")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aFirstEventThatFailsOpensNoGroup(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(1, "add note:x throw:x").event(2, "tell");
        ForgivingGroup.Result result = scenario.into(ForgivingGroup.create());
        scenario.expect(result.line(), "k new 0 @2")
                .expectErrors(result.errors(), "HANDLER k add note:x throw:x @1")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutThatFailsIsAnErrorAndLeavesTheState(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "add then:add+say:lost+throw:x at:10")
                .watermark(20)
                .event(21, "tell");
        ForgivingGroup.Result result = scenario.into(ForgivingGroup.create());
        scenario.expect(result.line(), "k 1 @21")
                .expectErrors(result.errors(), "HANDLER k timeout @10")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatThrowsStopsTheJobWithItsNameAndTheKey(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event("u1", 1, "throw:boom");
        scenario.into(ForeverGroup.create());
        assertThatThrownBy(scenario::run)
                .hasStackTraceContaining("forever: Forever.event failed for key \"u1\"")
                .hasStackTraceContaining("boom");
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatReturnsNullStopsTheJobWithItsNameAndTheKey(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event("u1", 1, "");
        scenario.into(AnsweringGroup.create());
        assertThatThrownBy(scenario::run)
                .hasStackTraceContaining("answering: Answering.answer failed for key \"u1\"")
                .hasStackTraceContaining("Answering.answer returned null");
    }

    @ParameterizedTest
    @EnumSource
    void aHandlerThatReturnsARowEmitsOnePerEvent(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(1, "a").event(2, "b").event("l", 3, "c");
        AnsweringGroup.Result result = scenario.into(AnsweringGroup.create());
        scenario.expect(result.line(), "k a! @1", "k b @2", "l c! @3").run();
    }

    @ParameterizedTest
    @EnumSource
    void failuresAreCounted(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(1, "throw:a").event(2, "throw:b");
        scenario.into(ForgivingGroup.create());
        assertThat(Scenario.counted(scenario.run(), "forgiving", "handler.errors"))
                .isEqualTo(2);
    }
}
