package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.processor.Compilations.Said;
import dev.tidemark.processor.Compilations.Source;
import dev.tidemark.processor.groups.BurstAlert;
import dev.tidemark.processor.groups.BurstAlertGroup;
import dev.tidemark.processor.groups.CountWindow;
import dev.tidemark.processor.groups.CountWindowGroup;
import dev.tidemark.processor.groups.UserActivity;
import dev.tidemark.processor.groups.UserActivityGroup;
import dev.tidemark.processor.groups.UserSessions;
import dev.tidemark.processor.groups.UserSessionsGroup;
import dev.tidemark.processor.versions.AllRings;
import dev.tidemark.processor.versions.AllRingsGroup;
import dev.tidemark.processor.versions.Averages;
import dev.tidemark.processor.versions.AveragesGroup;
import dev.tidemark.processor.versions.Bursts;
import dev.tidemark.processor.versions.BurstsGroup;
import dev.tidemark.processor.versions.Halves;
import dev.tidemark.processor.versions.KeptRings;
import dev.tidemark.processor.versions.KeptRingsGroup;
import dev.tidemark.processor.versions.LatestActivity;
import dev.tidemark.processor.versions.LatestActivityGroup;
import dev.tidemark.processor.versions.OrderedRings;
import dev.tidemark.processor.versions.OrderedRingsGroup;
import dev.tidemark.processor.versions.Rings;
import dev.tidemark.processor.versions.RingsGroup;
import dev.tidemark.processor.versions.Sessions;
import dev.tidemark.processor.versions.SessionsGroup;
import dev.tidemark.processor.versions.Shelf;
import dev.tidemark.processor.versions.ShelfGroup;
import dev.tidemark.processor.versions.WideShelf;
import dev.tidemark.processor.versions.WideShelfGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A job with the first version of a group is stopped, and one with its second version goes on from the same directory: other
 * classes, fields added, removed, moved, renamed, widened and migrated, and another number of workers. Edge cases 55 to 59,
 * 62, 64, 66 and 67.
 */
final class NextVersionTest {
    private static final Queue<String> ROWS = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void forget() {
        ROWS.clear();
    }

    private Pipeline pipeline(int parallelism, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--runner=TidemarkRunner",
                "--jobName=versions",
                "--tidemarkParallelism=" + parallelism,
                "--tidemarkStateDir=" + directory.resolve("state"),
                "--tidemarkCheckpointInterval=20ms"));
        options.addAll(List.of(more));
        return Pipeline.create(
                PipelineOptionsFactory.fromArgs(options.toArray(String[]::new)).create());
    }

    /** Runs the first version until all of its events, and what comes of them, are in a checkpoint. */
    private <T> void first(Halves<T> events, Function<PCollection<T>, PCollection<?>> group) throws Exception {
        PipelineResult job = start(2, events, group);
        Halves.awaitFirst();
        job.cancel();
    }

    private <T> void second(Halves<T> events, Function<PCollection<T>, PCollection<?>> group, String... more) {
        assertThat(start(3, events, group, more).waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
    }

    private <T> PipelineResult start(
            int parallelism, Halves<T> events, Function<PCollection<T>, PCollection<?>> group, String... more) {
        Pipeline pipeline = pipeline(parallelism, more);
        group.apply(pipeline.apply("events", Read.from(events))).apply("rows", ParDo.of(new Tell<>()));
        return pipeline.run();
    }

    private static final class Tell<T> extends DoFn<T, Void> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element T row, @Timestamp org.joda.time.Instant time) {
            ROWS.add(row + " @" + time.getMillis());
        }
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    @Test
    void activitiesGoOnWithFieldsAddedMovedAndRenamed() throws Exception {
        List<UserActivity.Event> before = List.of(
                new UserActivity.Event("ann", at(1), "sit"),
                new UserActivity.Event("bob", at(2), "run"),
                new UserActivity.Event("ann", at(5), "sit"));
        first(
                Halves.first(before, e -> e.time().toEpochMilli(), UserActivityGroup.inputCoder()),
                events -> events.apply(UserActivityGroup.transform()));
        assertThat(ROWS).hasSize(3);
        ROWS.clear();
        List<LatestActivity.Event> after = List.of(
                new LatestActivity.Event(Optional.of("watch"), "ann", at(9), "sit"),
                new LatestActivity.Event(Optional.empty(), "bob", at(11), "walk"));
        second(
                Halves.second(3, after, e -> e.time().toEpochMilli(), LatestActivityGroup.inputCoder()),
                events -> events.apply(LatestActivityGroup.transform()));
        assertThat(ROWS)
                .containsExactlyInAnyOrder(
                        new LatestActivity.Now("ann", "sit", at(1), at(9), 0) + " @9",
                        new LatestActivity.Now("bob", "walk", at(11), at(11), 1) + " @11");
    }

    private static Halves<Rings.Ring> firstRings() {
        List<Rings.Ring> before = List.of(new Rings.Ring("front", at(1_000)), new Rings.Ring("front", at(2_000)));
        return Halves.first(before, r -> r.time().toEpochMilli(), RingsGroup.inputCoder());
    }

    @Test
    void aTimeoutThatTheNextVersionHasNotDoesNotFire() throws Exception {
        first(firstRings(), events -> events.apply(RingsGroup.transform()));
        ROWS.clear();
        List<KeptRings.Ring> after =
                List.of(new KeptRings.Ring("back", at(500_000)), new KeptRings.Ring("front", at(600_000)));
        second(
                Halves.second(2, after, r -> r.time().toEpochMilli(), KeptRingsGroup.inputCoder()),
                events -> events.apply(KeptRingsGroup.transform()));
        assertThat(ROWS)
                .containsExactlyInAnyOrder(
                        new KeptRings.Count("back", 1, false) + " @500000",
                        new KeptRings.Count("front", 3, false) + " @600000");
    }

    @Test
    void timersThatTheNextVersionHasNoPlaceForAreLeftBehindOnlyWhereAsked() throws Exception {
        first(firstRings(), events -> events.apply(RingsGroup.transform()));
        ROWS.clear();
        List<AllRings.Ring> after =
                List.of(new AllRings.Ring("back", at(500_000)), new AllRings.Ring("front", at(600_000)));
        Halves<AllRings.Ring> rings = Halves.second(2, after, r -> r.time().toEpochMilli(), AllRingsGroup.inputCoder());
        assertThatThrownBy(() -> second(rings, events -> events.apply(AllRingsGroup.transform())))
                .hasStackTraceContaining("TM-STATE-001")
                .hasStackTraceContaining("rings/handle, timer ~wake");
        assertThat(ROWS).isEmpty();
        second(rings, events -> events.apply(AllRingsGroup.transform()), "--tidemarkAllowNonRestoredState=true");
        assertThat(ROWS)
                .containsExactlyInAnyOrder(
                        new AllRings.Count("back", 1, false) + " @500000",
                        new AllRings.Count("front", 3, false) + " @600000");
    }

    @Test
    void eventsThatWaitedForOthersAreLeftBehindOnlyWhereAskedAndNotWaitedFor() throws Exception {
        List<OrderedRings.Ring> before = List.of(
                new OrderedRings.Ring("front", at(1_000)),
                new OrderedRings.Ring("front", at(7_000)),
                new OrderedRings.Ring("back", at(8_000)));
        first(
                Halves.first(before, r -> r.time().toEpochMilli(), OrderedRingsGroup.inputCoder()),
                events -> events.apply(OrderedRingsGroup.transform()));
        assertThat(ROWS).containsExactly(new OrderedRings.Count("front", 1, false) + " @1000");
        ROWS.clear();
        List<Rings.Ring> after = List.of(new Rings.Ring("front", at(9_000)), new Rings.Ring("side", at(50_000)));
        Halves<Rings.Ring> rings = Halves.second(3, after, r -> r.time().toEpochMilli(), RingsGroup.inputCoder());
        assertThatThrownBy(() -> second(rings, events -> events.apply(RingsGroup.transform())))
                .hasStackTraceContaining("TM-STATE-001")
                .hasStackTraceContaining("rings/handle, state ~inbox");
        assertThat(ROWS).isEmpty();
        second(rings, events -> events.apply(RingsGroup.transform()), "--tidemarkAllowNonRestoredState=true");
        assertThat(ROWS)
                .containsExactlyInAnyOrder(
                        new Rings.Count("front", 2, false) + " @9000",
                        new Rings.Count("front", 2, true) + " @19000",
                        new Rings.Count("side", 1, false) + " @50000",
                        new Rings.Count("side", 1, true) + " @60000");
    }

    @Test
    void aTimeoutThatOnlyTheNextVersionHasCountsFromItsFirstEvent() throws Exception {
        List<KeptRings.Ring> before =
                List.of(new KeptRings.Ring("front", at(1_000)), new KeptRings.Ring("back", at(2_000)));
        first(
                Halves.first(before, r -> r.time().toEpochMilli(), KeptRingsGroup.inputCoder()),
                events -> events.apply(KeptRingsGroup.transform()));
        ROWS.clear();
        List<Rings.Ring> after = List.of(new Rings.Ring("front", at(3_000)), new Rings.Ring("side", at(50_000)));
        second(
                Halves.second(2, after, r -> r.time().toEpochMilli(), RingsGroup.inputCoder()),
                events -> events.apply(RingsGroup.transform()));
        assertThat(ROWS)
                .containsExactlyInAnyOrder(
                        new Rings.Count("front", 2, false) + " @3000",
                        new Rings.Count("front", 2, true) + " @13000",
                        new Rings.Count("side", 1, false) + " @50000",
                        new Rings.Count("side", 1, true) + " @60000");
    }

    @Test
    void averagesGoOnWithANumberWidenedAndFieldsAddedMovedAndRenamed() throws Exception {
        first(
                Halves.first(
                        IntStream.range(0, 300)
                                .mapToObj(i -> new CountWindow.Reading("d", at(i), 1))
                                .toList(),
                        r -> r.time().toEpochMilli(),
                        CountWindowGroup.inputCoder()),
                events -> events.apply(CountWindowGroup.transform()));
        assertThat(ROWS).isEmpty();
        second(
                Halves.second(
                        300,
                        IntStream.range(300, 600)
                                .mapToObj(i -> new Averages.Reading("d", at(i), 6))
                                .toList(),
                        r -> r.time().toEpochMilli(),
                        AveragesGroup.inputCoder()),
                events -> events.apply(AveragesGroup.transform()));
        assertThat(ROWS).containsExactly(new Averages.Average("d", 3, "g", 500) + " @499");
    }

    @Test
    void sessionsGoOnThroughAMigrationAndSoDoTheEventsThatWait() throws Exception {
        List<UserSessions.Event> before = List.of(
                new UserSessions.Event("ann", at(0), 1, "sit"),
                new UserSessions.Event("bob", at(1_000), 5, "run"),
                new UserSessions.Event("ann", at(3_000), 3, "walk"),
                // Moves the watermark to where the events until 4,000 are handled, and waits itself.
                new UserSessions.Event("eve", at(9_000), 7, "sit"));
        first(
                Halves.first(before, e -> e.time().toEpochMilli(), UserSessionsGroup.inputCoder()),
                events -> events.apply(UserSessionsGroup.transform()));
        assertThat(ROWS).isEmpty();
        List<Sessions.Event> after = List.of(
                new Sessions.Event("ann", at(7_000), 5, "run"), new Sessions.Event("eve", at(10_000), 9, "sit"));
        second(
                Halves.second(4, after, e -> e.time().toEpochMilli(), SessionsGroup.inputCoder()),
                events -> events.apply(SessionsGroup.transform()));
        assertThat(ROWS)
                .containsExactlyInAnyOrder(
                        new Sessions.Closed("ann", List.of("run", "sit", "walk"), 3, "oox") + " @12000",
                        new Sessions.Closed("bob", List.of("run"), 5, "o") + " @6000",
                        new Sessions.Closed("eve", List.of("sit"), 8, "xx") + " @15000");
    }

    @Test
    void burstsGoOnWithAFieldRemovedAndOneAdded() throws Exception {
        List<BurstAlert.Login> before = IntStream.range(0, 4)
                .mapToObj(i -> new BurstAlert.Login("ann", at(i * 1_000L), "ip" + i))
                .toList();
        List<BurstAlert.Login> all = new ArrayList<>(before);
        all.add(new BurstAlert.Login("bob", at(14_000), "ip"));
        first(
                Halves.first(all, e -> e.time().toEpochMilli(), BurstAlertGroup.inputCoder()),
                events -> events.apply(BurstAlertGroup.transform()));
        assertThat(ROWS).containsExactly(new BurstAlert.Alert("ann", 4, at(3_000)) + " @3000");
        ROWS.clear();
        List<Bursts.Login> after = List.of(new Bursts.Login("ann", at(15_000), "ip"));
        second(
                Halves.second(5, after, e -> e.time().toEpochMilli(), BurstsGroup.inputCoder()),
                events -> events.apply(BurstsGroup.transform()));
        assertThat(ROWS)
                .containsExactlyInAnyOrder(
                        new Bursts.Alert("ann", 5, at(15_000)) + " @15000",
                        new Bursts.AllClear("ann", at(75_000), 1) + " @75000",
                        new Bursts.AllClear("bob", at(74_000), 0) + " @74000");
    }

    @Test
    void cellsOfEveryKindGoOnWithElementsOfMoreFieldsAndWiderNumbers() throws Exception {
        List<Shelf.Put> before = List.of(
                new Shelf.Put("s", at(0), new Shelf.Item("a", 10)),
                new Shelf.Put("s", at(1), new Shelf.Item("b", -20)),
                // Waits while the job is stopped.
                new Shelf.Put("s", at(2), new Shelf.Item("c", 30)));
        first(
                Halves.first(before, e -> e.time().toEpochMilli(), ShelfGroup.inputCoder()),
                events -> events.apply(ShelfGroup.transform()));
        List<WideShelf.Put> after = List.of(
                new WideShelf.Put("s", at(3), new WideShelf.Item(Optional.of("red"), 1L << 40, "a")),
                new WideShelf.Put("s", at(4), new WideShelf.Item(Optional.empty(), 0, "end")));
        second(
                Halves.second(3, after, e -> e.time().toEpochMilli(), WideShelfGroup.inputCoder()),
                events -> events.apply(WideShelfGroup.transform()));
        WideShelf.Item a = new WideShelf.Item(Optional.empty(), 10, "a");
        WideShelf.Item red = new WideShelf.Item(Optional.of("red"), 1L << 40, "a");
        WideShelf.Item b = new WideShelf.Item(Optional.empty(), -20, "b");
        WideShelf.Item c = new WideShelf.Item(Optional.empty(), 30, "c");
        WideShelf.Item end = new WideShelf.Item(Optional.empty(), 0, "end");
        assertThat(ROWS)
                .singleElement()
                .isIn(
                        row(List.of(-20L, 0L, 10L, 30L, 1L << 40), List.of(a, red, b, c, end), List.of(red, b, c, end)),
                        row(
                                List.of(-20L, 0L, 10L, 30L, 1L << 40),
                                List.of(red, a, b, c, end),
                                List.of(red, b, c, end)));
    }

    private static String row(List<Long> weights, List<WideShelf.Item> items, List<WideShelf.Item> latest) {
        return new WideShelf.Full("s", 1L << 40, weights, items, latest, 5, 5) + " @4";
    }

    @Test
    void theCellsOfBothVersionsAreTheSameToARunner() {
        assertThat(cells(UserActivityGroup.inputCoder(), UserActivityGroup.transform()))
                .isEqualTo(cells(LatestActivityGroup.inputCoder(), LatestActivityGroup.transform()));
        assertThat(cells(CountWindowGroup.inputCoder(), CountWindowGroup.transform()))
                .isEqualTo(cells(AveragesGroup.inputCoder(), AveragesGroup.transform()));
        assertThat(cells(UserSessionsGroup.inputCoder(), UserSessionsGroup.transform()))
                .isEqualTo(cells(SessionsGroup.inputCoder(), SessionsGroup.transform()));
        assertThat(cells(BurstAlertGroup.inputCoder(), BurstAlertGroup.transform()))
                .isEqualTo(cells(BurstsGroup.inputCoder(), BurstsGroup.transform()));
        assertThat(cells(ShelfGroup.inputCoder(), ShelfGroup.transform()))
                .isEqualTo(cells(WideShelfGroup.inputCoder(), WideShelfGroup.transform()))
                .hasSize(8);
    }

    /** The cells of a group by their names, equal where their coders are. */
    private static <T> Map<String, StateSpec<?>> cells(Coder<T> coder, PTransform<PCollection<T>, ?> group) {
        Pipeline pipeline = Pipeline.create();
        pipeline.apply(Create.empty(coder)).apply("group", group);
        Map<String, StateSpec<?>> cells = new TreeMap<>();
        pipeline.traverseTopologically(new Pipeline.PipelineVisitor.Defaults() {
            @Override
            public void visitPrimitiveTransform(TransformHierarchy.Node node) {
                if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> step) {
                    DoFnSignatures.signatureForDoFn(step.getFn())
                            .stateDeclarations()
                            .forEach((id, declared) -> cells.put(
                                    node.getFullName() + "/" + id,
                                    DoFnSignatures.getStateSpecOrThrow(declared, step.getFn())));
                }
            }
        });
        return cells;
    }

    @ParameterizedTest
    @CsvSource({
        "groups.UserActivity, versions.LatestActivity",
        "groups.CountWindow,  versions.Averages",
        "groups.UserSessions, versions.Sessions",
        "groups.BurstAlert,   versions.Bursts",
        "versions.Shelf,      versions.WideShelf"
    })
    void theCompilerAllowsWhatIsGoneOnWithHere(String before, String after) throws IOException {
        assertThat(said(before, "-Atidemark.accept=true")).isEmpty();
        // At most that it is to be accepted, too.
        assertThat(said(after)).allMatch(message -> message.startsWith("[Tidemark/SnapshotOutdated]"));
    }

    private List<String> said(String group, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Atidemark.snapshots=" + directory);
        Path file = Path.of("src/test/java/dev/tidemark/processor", group.replace('.', '/') + ".java");
        return Compilations.compile(List.of(new Source("dev.tidemark.processor." + group, Files.readString(file))), all)
                .said()
                .stream()
                .map(Said::message)
                .filter(message -> message.contains("/Snapshot") || message.contains("/Migrate"))
                .toList();
    }
}
