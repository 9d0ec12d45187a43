package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.Failed;
import dev.tidemark.processor.groups.BurstAlertTester;
import dev.tidemark.processor.groups.UserSessions.Closed;
import dev.tidemark.processor.groups.UserSessionsTester;
import dev.tidemark.testing.TestedGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The generated testers. */
final class TesterTest {
    @Test
    void aGroupRunsStepByStepAndSurvivesACrash() {
        UserSessionsTester tester = UserSessionsTester.create();
        tester.event("u1", "10:00:00", 1.0, "walk")
                .event("u1", "10:00:03", 3.0, "walk")
                .watermark("10:00:09");
        assertThat(tester.group("u1").isClosed()).isFalse();
        assertThat(tester.group("u1").timeout()).contains(Instant.parse("1970-01-01T10:00:08Z"));
        tester.crashAndRestore();
        assertThat(tester.closed()).isEmpty();
        tester.watermark("10:00:14");
        assertThat(tester.closed()).containsExactly(new Closed("u1", List.of("walk"), 2.0));
        tester.assertClosed("u1").assertOrderInsensitive(Duration.ofSeconds(5));
    }

    @Test
    void aLateEventGoesWhereLateEventsGo() {
        UserSessionsTester tester =
                UserSessionsTester.create().watermark("10:01:00").event("u1", "10:00:00", 1.0, "walk");
        assertThat(tester.late()).hasSize(1);
        assertThat(tester.errors()).isEmpty();
    }

    @Test
    void anEventWithoutAKeyGoesToTheErrors() {
        assertThat(UserSessionsTester.create()
                        .event(null, "10:00:00", 1.0, "walk")
                        .errors())
                .singleElement()
                .satisfies(failed -> assertThat(failed.reason()).isEqualTo(Failed.Reason.NULL_KEY));
    }

    @Test
    void aSealedOutputHasOneListPerRecord() {
        BurstAlertTester tester = BurstAlertTester.create();
        for (int second = 0; second < 5; second++) {
            tester.event("u", "10:00:0" + second, "ip" + second);
        }
        tester.end();
        assertThat(tester.alerts()).hasSize(1);
        assertThat(tester.allClears()).hasSize(1);
        assertThat(tester.rows()).hasSize(2);
    }

    @Test
    void theClockMovesByHand() {
        AlarmsByClockTester tester = AlarmsByClockTester.create().event("k", "00:00:01", "+1000");
        tester.clock(Duration.ofMillis(999));
        assertThat(tester.rows()).isEmpty();
        tester.clock(Duration.ofMillis(1));
        tester.assertRows(new Line("k", "TIMEOUT 1")).assertClosed("k");
    }

    @Test
    void timeCanBeRewound() {
        UserSessionsTester tester = UserSessionsTester.create().event("u1", "10:00:00", 1.0, "walk");
        int steps = tester.steps();
        tester.end();
        assertThat(tester.closed()).hasSize(1);
        tester.rewindTo(steps);
        assertThat(tester.closed()).isEmpty();
        tester.event("u1", "10:00:01", 3.0, "run").end();
        assertThat(tester.closed()).containsExactly(new Closed("u1", List.of("run", "walk"), 2.0));
    }

    @Test
    void stateOfEveryKindCanBeLookedAt() {
        ProfileTester tester = ProfileTester.create()
                .event("k", "00:00:00", "mood:glad picture:face visit:a visit:a word:w")
                .end();
        TestedGroup<Profile.Known> group = tester.group("k");
        Profile.Known known = group.state().orElseThrow();
        assertThat(known.mood + known.picture).isEqualTo("gladface");
        assertThat(known.visits.map()).isEqualTo(Map.of("a", 2L));
        assertThat(known.words.list()).containsExactly("w");
    }

    @Test
    void aRecordStateAndAnInitialStateCanBeTestedToo() {
        CountsTester tester = CountsTester.create()
                .initial("k", new Counts.Seen(7, List.of()), "00:00:00")
                .event("k", "00:00:01", "b")
                .watermark("00:00:01.005");
        assertThat(tester.group("k").state()).contains(new Counts.Seen(8, List.of("b")));
        tester.assertRows(new Line("k", "from 7"), new Line("k", "8b"));
        assertThat(tester.updates()).hasSize(2);
    }

    @Test
    void aFailureShowsTheStateBeforeAndAfterEachStep() {
        UserSessionsTester tester = UserSessionsTester.create()
                .event("u1", "10:00:00", 1.0, "walk")
                .watermark("10:00:05.001")
                .end();
        assertThatThrownBy(() -> tester.assertRows())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected rows: []")
                .hasMessageContaining("1 event Event[uid=u1, time=1970-01-01T10:00:00Z, x=1.0, activity=walk]")
                .hasMessageContaining(
                        "2 watermark 10:00:05.001\n    u1: no group -> count = 1, xs = [1.0], activities = [walk], times out at 10:00:05")
                .hasMessageContaining(
                        "3 end\n    u1: count = 1, xs = [1.0], activities = [walk], times out at 10:00:05 -> no group\n"
                                + "    rows: Closed[uid=u1, activities=[walk], xAvg=1.0] @ 10:00:05");
    }

    @Test
    void aGroupThatDependsOnTheOrderOfArrivalIsFoundOut() {
        FromLastTester tester = FromLastTester.create()
                .event("k", "00:00:00.000", "add")
                .event("k", "00:00:00.004", "add tell")
                .event("k", "00:00:00.007", "add");
        assertThatThrownBy(() -> tester.assertOrderInsensitive(Duration.ofMillis(5)))
                .hasMessageContaining("The order of arrival matters (seed ")
                .hasMessageContaining("In order:  [");
    }

    @Test
    void aHandlerThatThrowsFailsTheStepWithItsName() {
        assertThatThrownBy(() ->
                        AlarmsTester.create().event("k", "00:00:00", "throw:up").end())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("step 2, end, failed: ")
                .hasMessageContaining("alarms: Alarms.event failed for key \"k\"");
    }

    @Test
    void aWatermarkDoesNotGoBack() {
        assertThatThrownBy(
                        () -> UserSessionsTester.create().watermark("10:00:00").watermark("09:59:59"))
                .hasMessageContaining("a watermark does not go back: it is at 10:00:00 already");
    }
}
