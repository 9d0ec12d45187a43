package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.Failed;
import dev.tidemark.processor.groups.BurstAlertTester;
import dev.tidemark.processor.groups.UserSessions.Closed;
import dev.tidemark.processor.groups.UserSessionsTester;
import dev.tidemark.testing.TestedGroup;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.MetricsContainer;
import org.apache.beam.sdk.metrics.MetricsEnvironment;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
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
        assertThat(tester.trace().lines().filter(line -> line.contains("Alert[")))
                .as("a row of a sealed output is shown once")
                .hasSize(1);
    }

    @Test
    void whoExpectsTheLastRowsAloneIsToldThatAllAreCompared() {
        UserSessionsTester tester = UserSessionsTester.create()
                .event("u1", "10:00:00", 1.0, "walk")
                .event("u1", "10:01:00", 2.0, "sit")
                .end();
        Closed last = tester.rows().get(1);
        assertThatThrownBy(() -> tester.assertRows(last)).hasMessageContaining("the rows of all steps so far");
        Closed another = new Closed("u2", List.of(), 0);
        assertThatThrownBy(() -> tester.assertRows(another)).message().doesNotContain("the rows of all steps so far");
    }

    /** Without any container Beam warns, once, with a stack trace. */
    @Test
    void metricsOfATestGoNowhereAndThoseOfItsThreadAreLeftAlone() {
        MetricsContainer ofThread = (MetricsContainer) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MetricsContainer.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method + " of the thread's own container was called");
                });
        MetricsContainer before = MetricsEnvironment.setCurrentContainer(ofThread);
        try {
            UserSessionsTester.create().event("u1", "10:00:00", 1.0, "walk").end();
            assertThat(MetricsEnvironment.getCurrentContainer() == ofThread).isTrue();
        } finally {
            MetricsEnvironment.setCurrentContainer(before);
        }
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
    void aTallyCanBeTestedAndIsRestored() {
        SeededTester tester = SeededTester.create()
                .event("k", "00:00:00", "a")
                .event("k", "00:00:00.001", "b")
                .watermark("00:00:00.002")
                .crashAndRestore();
        assertThat(tester.group("k").state().orElseThrow().tally.value()).isEqualTo(2);
        tester.end().assertClosed("k");
    }

    private static FixedWindows windowsOf20() {
        return FixedWindows.of(org.joda.time.Duration.millis(20));
    }

    @Test
    void eachWindowHasAGroupOfItsOwn() {
        SessionsTester tester = SessionsTester.create()
                .inWindows(windowsOf20())
                .event("k", "00:00:00.005", "add")
                .event("k", "00:00:00.014", "add")
                .event("k", "00:00:00.021", "add")
                .watermark("00:00:00.028");
        tester.assertRows(new Line("k", "END_OF_INPUT 2"));
        assertThat(tester.group("k", "00:00:00.021").state().orElseThrow().count)
                .isEqualTo(1);
        assertThat(tester.group("k", "00:00:00.005").isClosed()).isTrue();
        tester.crashAndRestore().end();
        tester.assertRows(new Line("k", "END_OF_INPUT 2"), new Line("k", "TIMEOUT 1"))
                .assertClosed("k")
                .assertOrderInsensitive(Duration.ofMillis(15));
    }

    @Test
    void aGroupInSeveralWindowsIsAskedForByWindow() {
        ForeverTester tester = ForeverTester.create()
                .inWindows(
                        SlidingWindows.of(org.joda.time.Duration.millis(20)).every(org.joda.time.Duration.millis(10)))
                .event("k", "00:00:00.015", "add");
        assertThatThrownBy(() -> tester.group("k")).hasMessageContaining("k has groups in several windows, [");
        assertThat(tester.group("k", new IntervalWindow(at(0), at(20))).exists())
                .isTrue();
        assertThat(tester.group("k", new IntervalWindow(at(10), at(30))).exists())
                .isTrue();
        assertThatThrownBy(() -> tester.assertClosed("k")).hasMessageContaining("Expected no group for k in [");
        tester.end().assertClosed("k");
    }

    private static org.joda.time.Instant at(long millis) {
        return org.joda.time.Instant.ofEpochMilli(millis);
    }

    @Test
    void theEndOfAWindowCanBeTested() {
        EndingTester tester = EndingTester.create()
                .inWindows(windowsOf20(), Duration.ofMillis(100))
                .event("k", "00:00:00.005", "add")
                .watermark("00:00:00.030");
        tester.assertRows(new Line("k", "end END_OF_INPUT 1"));
        tester.event("k", "00:00:00.006", "tell add").watermark("00:00:00.031");
        tester.assertRows(
                new Line("k", "end END_OF_INPUT 1"), new Line("k", "new late 0"), new Line("k", "end END_OF_INPUT 1"));
    }

    @Test
    void anEventAfterTheEndOfItsWindowIsDroppedAsByARunnerAndTheTraceSaysSo() {
        SessionsTester tester = SessionsTester.create()
                .inWindows(windowsOf20())
                .watermark("00:00:00.020")
                .event("k", "00:00:00.019", "add")
                .end();
        assertThat(tester.rows()).isEmpty();
        assertThat(tester.late()).isEmpty();
        assertThat(tester.trace())
                .contains("dropped by the runner, after the end of [")
                .contains("words=add");
    }

    @Test
    void windowsAreChosenFirstAndDoNotMerge() {
        assertThatThrownBy(() ->
                        ForeverTester.create().event("k", "00:00:00", "add").inWindows(windowsOf20()))
                .hasMessage("windows are to be chosen before the first step");
        assertThatThrownBy(() -> ForeverTester.create()
                        .inWindows(org.apache.beam.sdk.transforms.windowing.Sessions.withGapDuration(
                                org.joda.time.Duration.millis(5))))
                .hasMessageContaining("windows that merge have no state");
    }

    @Test
    void duplicatesAreFoundAsInAPipelineAndAfterACrash() {
        OnceTester tester = OnceTester.create()
                .event("k", "00:00:00", "a")
                .event("k", "00:00:00", "a")
                .crashAndRestore()
                .event("k", "00:00:00.010", "a")
                .event("k", "00:00:00.011", "a")
                .watermark("00:00:00.030")
                .event("k", "00:00:00.032", "a")
                .end();
        tester.assertRows(new Line("k", "a1"), new Line("k", "a2"), new Line("k", "a3"));
        assertThat(tester.duplicates())
                .extracting(word -> word.time().toEpochMilli())
                .containsExactly(0L, 10L);
        assertThat(tester.trace()).contains("duplicates: Word[key=k");
        int steps = tester.steps();
        tester.rewindTo(1).event("k", "00:00:00.001", "a");
        assertThat(tester.duplicates()).hasSize(1);
        assertThat(tester.steps()).isEqualTo(2).isLessThan(steps);
    }

    @Test
    void aWatermarkDoesNotGoBack() {
        assertThatThrownBy(
                        () -> UserSessionsTester.create().watermark("10:00:00").watermark("09:59:59"))
                .hasMessageContaining("a watermark does not go back: it is at 10:00:00 already");
    }
}
