package dev.tidemark.runner.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.TidemarkResult;
import dev.tidemark.runner.golden.GoldenJob.Change;
import dev.tidemark.runner.inspect.SavedJob;
import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.store.SavedState;
import dev.tidemark.runner.store.StateDirectory;
import dev.tidemark.runner.store.StateOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.joda.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What earlier versions have written is read: each directory in {@code src/test/resources/golden} is named after a version and has a
 * savepoint of {@link GoldenJob} that this version made, with half of the numbers read. A release adds its own, by
 * {@link MakeGolden}, and those that are there stay as they are.
 */
@Isolated("its DoFns say what they have to say in static fields")
@Timeout(300)
class GoldenCheckpointsTest {
    static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    static final String ZIP = "savepoint.zip";
    /** What nobody wants to fetch with every clone. */
    private static final long MOST_BYTES = 200_000;

    private Path directory = Path.of("unset");

    @BeforeEach
    void forget(@TempDir Path ofTest) {
        directory = ofTest;
        GoldenJob.forget(GoldenJob.HALF);
    }

    static Stream<String> versions() throws IOException {
        try (Stream<Path> versions = Files.list(GOLDEN)) {
            return versions.map(each -> each.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aJobGoesOnFromACheckpointOfEachEarlierVersionAndComesToTheSameEnd(String version) throws Exception {
        String savepoint = unpacked(version);
        for (int parallelism : new int[] {1, 8}) {
            forget(Files.createDirectory(directory.resolve("with-" + parallelism)));
            TidemarkResult job = GoldenJob.start(
                    directory,
                    Change.NOTHING,
                    "--tidemarkRestore=" + savepoint,
                    "--tidemarkParallelism=" + parallelism);
            // Else the end of all windows might come before the clock.
            GoldenJob.await(
                    "timers of the clock",
                    () -> GoldenJob.LINES.stream()
                                    .filter(line -> line.startsWith("clock"))
                                    .count()
                            == GoldenJob.KEYS);
            GoldenJob.limit = GoldenJob.TOTAL;
            assertThat(job.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);

            assertThat(GoldenJob.said())
                    .as("version %s, parallelism %d", version, parallelism)
                    .isEqualTo(GoldenJob.saidAfter(GoldenJob.HALF, GoldenJob.QUARTER));
            assertThat(numbersCounted(job)).isEqualTo(GoldenJob.TOTAL);
            // The first half was not processed again.
            assertThat(GoldenJob.POSITIONS.get())
                    .isEqualTo(GoldenJob.positionsBelow(GoldenJob.TOTAL) - GoldenJob.positionsBelow(GoldenJob.HALF));
        }
    }

    private static long numbersCounted(TidemarkResult job) {
        return job.metrics()
                .queryMetrics(MetricsFilter.builder()
                        .addNameFilter(MetricNameFilter.named("golden", "numbers"))
                        .build())
                .getCounters()
                .iterator()
                .next()
                .getAttempted();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aCheckpointHasSomethingOfEveryKindAndNoPathOfTheMachineThatMadeIt(String version) throws Exception {
        String savepoint = unpacked(version);
        Set<String> kinds = new TreeSet<>();
        String root = directory.resolve("state").toString();
        StateDirectory.open(root, GoldenJob.JOB, StateOptions.defaults().from(savepoint))
                .close();
        try (SavedJob saved = new SavedJob(SavedState.ofJob(root, GoldenJob.JOB), (words, layouts) -> null)) {
            saved.steps().forEach(step -> kinds.addAll(step.volumes().keySet()));
        }
        Set<String> expected = new TreeSet<>();
        for (RowKind kind : RowKind.values()) {
            expected.add(kind.name().toLowerCase(Locale.ROOT));
        }
        // It names a file of the machine that made it.
        expected.remove("temporary");
        assertThat(kinds).isEqualTo(expected);

        assertThat(Files.size(GOLDEN.resolve(version).resolve(ZIP))).isLessThan(MOST_BYTES);
        try (Stream<Path> files = Files.walk(Path.of(savepoint))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.getFileName().toString())
                        .doesNotContain("/tmp", "/home", "/root", "/dev/shm", "/var", "/Users", "junit");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aCheckpointOfALaterFormatIsRefusedByName(String version) throws Exception {
        String savepoint = unpacked(version);
        Path manifest = Path.of(savepoint, "manifest");
        String now = Files.readString(manifest);
        assertThat(now).startsWith("tidemark checkpoint 1\n");
        String lines = now.substring(0, now.lastIndexOf("sum ")).replace("checkpoint 1\n", "checkpoint 2\n");
        CRC32C sum = new CRC32C();
        sum.update(lines.getBytes(StandardCharsets.UTF_8));
        Files.writeString(manifest, lines + String.format("sum %08x%n", sum.getValue()));

        assertThatThrownBy(() -> GoldenJob.start(directory, Change.NOTHING, "--tidemarkRestore=" + savepoint))
                .hasStackTraceContaining("TM-STORE-010")
                .hasStackTraceContaining(
                        "has format 'tidemark checkpoint 2', and this version of Tidemark reads 'tidemark checkpoint 1'");
        requireNothingProcessed();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatAnotherPipelineWouldMisreadIsRefusedByNameAndNothingIsLostByTrying(String version) throws Exception {
        String savepoint = unpacked(version);
        refused(
                Change.KEY_CODER,
                savepoint,
                "TM-STATE-002",
                "remember/ParMultiDo(Remember): its key was StringUtf8Coder and is NullableCoder(StringUtf8Coder)");
        // Where the state of a job is there already it is the same.
        String now = "auto";
        refused(Change.STATE_RENAMED, now, "TM-STATE-001", "sorted/ParMultiDo(Sorted), state last");
        refused(
                Change.STATE_KIND,
                now,
                "TM-STATE-002",
                "sorted/ParMultiDo(Sorted): its state last was VALUE VarLongCoder and is BAG VarLongCoder");
        refused(Change.WINDOW_FN, now, "TM-STATE-002", "its windows was", "gapDuration");
        refused(Change.TRIGGER, now, "TM-STATE-002", "group: its trigger was", "elementCountAtLeast(10)", "(11)");
        refused(Change.STEP_REMOVED, now, "TM-STATE-001", "sorted/ParMultiDo(Sorted)");

        TidemarkResult job = GoldenJob.start(directory, Change.NOTHING);
        GoldenJob.await(
                "timers of the clock",
                () -> GoldenJob.LINES.stream()
                                .filter(line -> line.startsWith("clock"))
                                .count()
                        == GoldenJob.KEYS);
        GoldenJob.limit = GoldenJob.TOTAL;
        assertThat(job.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);
        assertThat(GoldenJob.said()).isEqualTo(GoldenJob.saidAfter(GoldenJob.HALF, GoldenJob.QUARTER));
    }

    private void refused(Change change, String restore, String... why) {
        try {
            TidemarkResult job = GoldenJob.start(directory, change, "--tidemarkRestore=" + restore);
            // One that has begun waits for more numbers.
            job.waitUntilFinish(Duration.standardSeconds(10));
            job.cancel();
        } catch (RuntimeException e) {
            for (String each : why) {
                assertThat(e).as(change.name()).hasStackTraceContaining(each);
            }
            requireNothingProcessed();
            return;
        }
        throw new AssertionError(change + " was not refused");
    }

    private static void requireNothingProcessed() {
        assertThat(GoldenJob.READERS).hasValue(0);
        assertThat(GoldenJob.POSITIONS).hasValue(0);
        assertThat(GoldenJob.LINES).isEmpty();
    }

    /** In a directory of the test: whoever restores from it could write to it. */
    private String unpacked(String version) throws IOException {
        Path to = directory.resolve("from-" + version);
        Files.createDirectories(to.resolve("rows"));
        try (InputStream in = Files.newInputStream(GOLDEN.resolve(version).resolve(ZIP));
                ZipInputStream packed = new ZipInputStream(in)) {
            for (ZipEntry entry = packed.getNextEntry(); entry != null; entry = packed.getNextEntry()) {
                Path file = to.resolve(entry.getName()).normalize();
                assertThat(file.startsWith(to)).isTrue();
                Files.copy(packed, file);
            }
        }
        return to.toString();
    }
}
