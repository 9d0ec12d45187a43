package dev.tidemark.processor.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.MemoryTable;
import dev.tidemark.MemoryTable.Mode;
import dev.tidemark.Upsert;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sink that can be read while the job runs. */
final class MemoryTableTest {
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @EnumSource
    void appendedRowsStayAll(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "a").event(1, "b");
        scenario.into(GreetingsOfAllGroup.transform()).apply(MemoryTable.named("appended", Mode.APPEND));
        scenario.pipeline().run().waitUntilFinish();
        assertThat(MemoryTable.rows("appended", Line.class))
                .containsExactlyInAnyOrder(new Line("k", "a"), new Line("k", "b"));
    }

    @ParameterizedTest
    @EnumSource
    void anUpdateReplacesTheRowOfItsKeyAndADeletionRemovesIt(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event(0, "a")
                .event("l", 0, "a")
                .event(1, "b")
                .event("l", 1, "close")
                .watermark(5);
        scenario.into(BoardGroup.create()).updates().apply(MemoryTable.named("updated", Mode.UPDATE));
        scenario.pipeline().run().waitUntilFinish();
        // The end of the input closes the group, too.
        assertThat(MemoryTable.rows("updated")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theRowsCanBeReadWhileTheJobRuns(OnRunner runner) {
        SEEN.clear();
        Scenario scenario =
                new Scenario(runner).event(0, "a").watermark(1).event(1, "b").watermark(2);
        BoardGroup.Result result = scenario.into(BoardGroup.create());
        result.updates().apply(MemoryTable.named("live", Mode.UPDATE));
        result.updates().apply("look", ParDo.of(new LookFn()));
        scenario.pipeline().run().waitUntilFinish();
        assertThat(SEEN).isNotEmpty().allSatisfy(seen -> assertThat(seen).matches("\\[.*\\]"));
        assertThat(MemoryTable.rows("live")).isEmpty();
    }

    private static final class LookFn extends DoFn<Upsert<String, Line>, Void> {
        @ProcessElement
        public void process() {
            SEEN.add(MemoryTable.rows("live").toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWholeResultOfAnAggregationHasOneRowPerKeyAndWindow(OnRunner runner) {
        Scenario scenario = new Scenario(runner)
                .event("a", 0, "x")
                .event("a", 1, "x")
                .event("b", 1, "x")
                .event("a", 25, "x")
                .watermark(100);
        scenario.stream()
                .apply(Window.<Said>into(FixedWindows.of(org.joda.time.Duration.millis(20)))
                        .triggering(AfterWatermark.pastEndOfWindow().withEarlyFirings(AfterPane.elementCountAtLeast(1)))
                        .withAllowedLateness(org.joda.time.Duration.ZERO)
                        .accumulatingFiredPanes())
                .apply(MapElements.into(TypeDescriptors.strings()).via(Said::key))
                .apply(Count.perElement())
                .apply(MemoryTable.named("events_per_window", Mode.COMPLETE));
        scenario.pipeline().run().waitUntilFinish();
        assertThat(MemoryTable.rows("events_per_window", KV.class))
                .containsExactlyInAnyOrder(KV.of("a", 2L), KV.of("b", 1L), KV.of("a", 1L));
    }

    @ParameterizedTest
    @EnumSource
    void aModeThatDoesNotFitWhatComesInSaysSo(OnRunner runner) {
        Scenario scenario = new Scenario(runner).event(0, "a");
        scenario.into(GreetingsOfAllGroup.transform()).apply(MemoryTable.named("unfit", Mode.UPDATE));
        assertThatThrownBy(() -> scenario.pipeline().run().waitUntilFinish())
                .hasStackTraceContaining("memory table \"unfit\" in mode UPDATE takes no Line; it needs an Upsert");
    }

    @Test
    void aTableThatThereIsNotIsRefusedWithTheNamesOfThoseThatThereAre() {
        MemoryTable.drop("gone");
        assertThatThrownBy(() -> MemoryTable.rows("gone"))
                .hasMessageContaining("no memory table is called \"gone\"; there are: [");
    }
}
