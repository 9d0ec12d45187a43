package dev.tidemark.processor.behaviour;

import dev.tidemark.processor.groups.BurstAlert.Login;
import dev.tidemark.processor.groups.BurstAlertGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What leaves a group: with which time, where to, and in time for what follows. */
final class OutputTest {
    @ParameterizedTest
    @EnumSource
    void rowsOfAnEventHaveItsTimeAndRowsOfATimeoutThatOfTheTimeout(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(3, "tell at:17").watermark(900).event(901, "tell close");
        OrderedGroup.Result result = scenario.into(OrderedGroup.create());
        scenario.expect(result.line(), "k new 0 @3", "k TIMEOUT 0 @17", "k new 0 @901")
                .run();
    }

    /** Counts the rows of each window of ten milliseconds, and says so if a pane is late. */
    private static PTransform<PCollection<Line>, PCollection<String>> perTenMillis() {
        return new PTransform<>() {
            @Override
            public PCollection<String> expand(PCollection<Line> lines) {
                return lines.apply(Window.<Line>into(FixedWindows.of(Duration.millis(10)))
                                .withAllowedLateness(Duration.ZERO)
                                .discardingFiredPanes())
                        .apply(MapElements.into(TypeDescriptors.strings()).via(Line::key))
                        .apply(Count.perElement())
                        .apply(ParDo.of(new CountText()));
            }
        };
    }

    static final class CountText extends DoFn<KV<String, Long>, String> {
        @ProcessElement
        public void process(
                @Element KV<String, Long> count,
                @Timestamp org.joda.time.Instant time,
                PaneInfo pane,
                OutputReceiver<String> out) {
            out.output(count.getKey() + " " + count.getValue() + " until " + time.getMillis()
                    + (pane.getTiming() == PaneInfo.Timing.LATE ? " late" : ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingAGroupEmitsIsLateForWhatFollowsHoweverTheWatermarkJumps(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 1, "tell")
                .event("b", 4, "tell")
                .watermark(8)
                .event("a", 9, "tell")
                .watermark(200)
                .event("c", 201, "tell");
        PCollection<Line> lines = scenario.into(SessionsGroup.create()).line();
        scenario.expectTexts(
                        lines.apply("count", perTenMillis()),
                        "a 2 until 9",
                        "b 1 until 9",
                        "b 1 until 19",
                        "a 1 until 19",
                        "c 1 until 209",
                        "c 1 until 219")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLateForWhatFollowsWhenEventsAreHandledAsTheyCome(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 1, "at:35")
                .event("a", 2, "at:25")
                .watermark(22)
                .event("b", 23, "at:24")
                .watermark(100);
        PCollection<Line> lines = scenario.into(ExplicitGroup.create()).line();
        scenario.expectTexts(lines.apply("count", perTenMillis()), "a 1 until 29", "b 1 until 29")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLateForWhatFollowsATimeoutByTheClock(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 1, "after:10")
                .watermark(50)
                .event("a", 55, "after:10")
                .clockAdvances(10)
                .clockAdvances(10);
        PCollection<Line> lines = scenario.into(ByClockGroup.create()).line();
        scenario.expectTexts(lines.apply("count", perTenMillis()), "a 1 until 59")
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void anUpdateReplacesTheRowOfItsKeyAndAClosedGroupDeletesIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 1, "x")
                .event("a", 2, "y")
                .event("b", 5, "z")
                .event("b", 6, "close")
                .event("c", 8, "w")
                .watermark(40)
                .event("a", 41, "v");
        BoardGroup.Result result = scenario.into(BoardGroup.create());
        scenario.expectUpdates(
                        result.updates(),
                        "a x1 @1",
                        "a y2 @2",
                        "b z1 @5",
                        "b gone @6",
                        "a gone @12",
                        "c w1 @8",
                        "c gone @18",
                        "a v1 @41",
                        "a gone @51")
                .expect(result.line(), "a x1 @1", "a y2 @2", "b z1 @5", "c w1 @8", "a v1 @41")
                .run();
    }

    static final class Text extends DoFn<Object, String> {
        @ProcessElement
        public void process(@Element Object row, @Timestamp org.joda.time.Instant time, OutputReceiver<String> out) {
            out.output(row + " @" + time.getMillis());
        }
    }

    private static PCollection<String> texts(PCollection<?> rows, String name) {
        @SuppressWarnings("unchecked") // only read
        PCollection<Object> objects = (PCollection<Object>) rows;
        return objects.apply(name, ParDo.of(new Text()));
    }

    @ParameterizedTest
    @EnumSource
    void eachRecordOfASealedOutputHasItsOwnCollectionBesideTheOneOfAll(OnRunner runner) {
        List<Login> logins = new ArrayList<>();
        for (int second = 0; second < 4; second++) {
            logins.add(new Login("eve", Instant.ofEpochSecond(second), "ip"));
        }
        Scenario scenario = new Scenario(runner);
        BurstAlertGroup.Result result = scenario.pipeline()
                .apply(Create.of(logins).withCoder(BurstAlertGroup.inputCoder()))
                .apply(BurstAlertGroup.create());
        String alert = "Alert[user=eve, count=4, at=1970-01-01T00:00:03Z] @3000";
        String clear = "AllClear[user=eve, at=1970-01-01T00:01:03Z] @63000";
        scenario.expectTexts(texts(result.alerts(), "alerts"), alert)
                .expectTexts(texts(result.allClears(), "clears"), clear)
                .expectTexts(texts(result.all(), "all"), alert, clear)
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void theRowsAloneAreTheSameAsThoseOfTheWholeResult(OnRunner runner) {
        Scenario scenario =
                new Scenario(runner).event(1, "tell").event(2, "throw:x").event(3, "tell");
        PCollection<Line> lines = scenario.stream().apply(ForgivingGroup.transform());
        scenario.expect(lines, "k new 0 @1", "k 0 @3").run();
    }

    @ParameterizedTest
    @EnumSource
    void outputsThatNobodyReadsDoNotHinder(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(1, "tell")
                .event(2, "throw:x")
                .watermark(40)
                .event(3, "tell")
                .event(null, 50, "tell");
        scenario.into(ForgivingGroup.create());
        scenario.run();
    }
}
