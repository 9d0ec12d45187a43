package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.errorhandling.BadRecord;
import org.apache.beam.sdk.transforms.errorhandling.ErrorHandler;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What jobs that keep state write into files of their own. */
@Tag("any-jdk")
class WrittenFilesTest {
    private static final long NUMBERS = 20_000;
    private static final String[] TORN_DOWN = {
        "--tidemarkTornDownAfter=1",
        "--tidemarkCheckpointInterval=10ms",
        "--tidemarkBundleElements=100",
        "--tidemarkParallelism=3"
    };

    @TempDir
    private Path directory = Path.of("");

    private PipelineResult run(GenerateSequence numbers, boolean windowed, int shards, String... options) {
        return run(numbers, false, windowed, shards, options);
    }

    private PipelineResult run(
            GenerateSequence numbers, boolean asStream, boolean windowed, int shards, String... options) {
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs(Stream.concat(Stream.of("--runner=TidemarkRunner"), Stream.of(options))
                                .toArray(String[]::new))
                        .create());
        TextIO.Write write =
                TextIO.write().to(directory.resolve("out/numbers").toString()).withNumShards(shards);
        PCollection<Long> read = pipeline.apply(numbers.withTimestampFn(Instant::ofEpochMilli));
        if (asStream) {
            read.setIsBoundedInternal(PCollection.IsBounded.UNBOUNDED);
        }
        read.apply(Window.into(FixedWindows.of(Duration.millis(1_000))))
                .apply(MapElements.into(TypeDescriptors.strings()).via(String::valueOf))
                .apply(windowed ? write.withWindowedWrites() : write);
        return pipeline.run();
    }

    private List<Path> files(String in, String prefix) {
        Path of = directory.resolve(in);
        if (!Files.exists(of)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(of)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .filter(file -> !file.toString().contains(".temp-beam"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> temporaryFiles() {
        Path out = directory.resolve("out");
        if (!Files.exists(out)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(out)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("/.temp-tidemark-"))
                    .toList();
        } catch (UncheckedIOException e) {
            // A file has got its name meanwhile, and is not where it was.
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertThatNothingElseIsThere() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("out"))) {
            assertThat(all.map(file -> String.valueOf(file.getFileName())))
                    .allMatch(name -> name.startsWith("numbers"));
        }
    }

    private void assertThatEachNumberIsThereOnce() {
        assertThat(numbers())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, NUMBERS).boxed().toList());
    }

    private List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        for (Path file : files("out", "numbers")) {
            try {
                Files.readAllLines(file).forEach(line -> numbers.add(Long.valueOf(line)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return numbers;
    }

    /**
     * Without shards there is a file for each bundle, named by its place in the list of all: had some got their names before a failure
     * and others after it, some lines would be there twice.
     */
    @ParameterizedTest
    @ValueSource(strings = {"true, 0", "true, 3", "false, 0", "false, 2"})
    void whateverIsTornDownEachLineIsInOneFileAndOnce(String how) throws Exception {
        String[] windowedAndShards = how.split(", ", -1);
        run(
                        GenerateSequence.from(0).to(NUMBERS),
                        Boolean.parseBoolean(windowedAndShards[0]),
                        Integer.parseInt(windowedAndShards[1]),
                        TORN_DOWN)
                .waitUntilFinish();
        assertThatEachNumberIsThereOnce();
        assertThatNothingElseIsThere();
    }

    /** Of what may never end, Beam groups the files of a window by their destination, and shuffles nothing. */
    @Test
    void whateverIsTornDownEachLineOfAStreamIsInOneFileAndOnceWhereTheNumberOfFilesIsLeftToTheRunner()
            throws Exception {
        run(GenerateSequence.from(0).to(NUMBERS).withRate(10, Duration.millis(1)), true, true, 0, TORN_DOWN)
                .waitUntilFinish();
        assertThatEachNumberIsThereOnce();
        assertThatNothingElseIsThere();
    }

    @Test
    void allLinesOfAWindowAreInItsFilesWhereTheirNumberIsLeftToTheRunner() {
        run(GenerateSequence.from(0).to(NUMBERS), true, 0, "--tidemarkParallelism=3")
                .waitUntilFinish();
        assertThatEachNumberIsThereOnce();
    }

    /** {@code FileIO} writes by window always, also where there is but one. */
    @Test
    void allLinesAreInTheFilesOfFileIOWhereTheirNumberIsLeftToTheRunner() {
        Pipeline pipeline =
                Pipeline.create(PipelineOptionsFactory.fromArgs("--runner=TidemarkRunner", "--tidemarkParallelism=3")
                        .create());
        pipeline.apply(GenerateSequence.from(0).to(NUMBERS))
                .apply(MapElements.into(TypeDescriptors.strings()).via(String::valueOf))
                .apply(FileIO.<String>write()
                        .via(TextIO.sink())
                        .to(directory.resolve("out").toString())
                        .withPrefix("numbers"));
        pipeline.run().waitUntilFinish();
        assertThatEachNumberIsThereOnce();
    }

    /** Does nothing with them. */
    private static final class Ignore extends PTransform<PCollection<BadRecord>, PCollection<BadRecord>> {
        private static final long serialVersionUID = 1L;

        @Override
        public PCollection<BadRecord> expand(PCollection<BadRecord> bad) {
            return bad;
        }
    }

    @Test
    void filesOfWindowsThatCannotBeToldApartAreRefusedBeforeAnythingIsWritten() throws Exception {
        Pipeline pipeline = Pipeline.create(
                PipelineOptionsFactory.fromArgs("--runner=TidemarkRunner").create());
        try (ErrorHandler.BadRecordErrorHandler<PCollection<BadRecord>> handler =
                pipeline.registerBadRecordErrorHandler(new Ignore())) {
            pipeline.apply(Create.of("one"))
                    .apply(
                            "files",
                            FileIO.<String>write()
                                    .via(TextIO.sink())
                                    .to(directory.resolve("out").toString())
                                    .withBadRecordErrorHandler(handler));
        }
        assertThatThrownBy(pipeline::run)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("files/WriteFiles")
                .hasMessageContaining("withNumShards");
    }

    /** Without shards, as Beam groups the files of a stream: by their destination, without a shuffle behind it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0})
    void aFileGetsItsNameOnlyWhenACheckpointSaysWhatIsInIt(int shards) throws Exception {
        TidemarkResult job = (TidemarkResult) run(
                GenerateSequence.from(0).withRate(20, Duration.millis(1)),
                true,
                shards,
                "--jobName=files",
                "--tidemarkStateDir=" + directory.resolve("state"),
                "--tidemarkCheckpointInterval=1h");
        try {
            await("some windows are over", () -> temporaryFiles().size() > 3);
            assertThat(files("out", "numbers")).isEmpty();

            job.savepoint();
            // Tasks give names to the files of different windows, and not in their order.
            await("the files of the first windows are there, whole, and each number once", () -> {
                List<Long> written = numbers();
                return !written.isEmpty()
                        && written.size() % 1_000 == 0
                        && written.stream()
                                .sorted()
                                .toList()
                                .equals(LongStream.range(0, written.size())
                                        .boxed()
                                        .toList());
            });
        } finally {
            job.cancel();
        }
    }

    @Test
    void aStartRemovesTheTemporaryFilesThatNoCheckpointCountsOnAndNobodyElses() throws Exception {
        String[] options = {
            "--jobName=files",
            "--tidemarkStateDir=" + directory.resolve("state"),
            "--tidemarkCheckpointInterval=1h",
            "--tidemarkParallelism=2"
        };
        GenerateSequence numbers = GenerateSequence.from(0).to(NUMBERS).withRate(20, Duration.millis(1));
        TidemarkResult job = (TidemarkResult) run(numbers, true, 1, options);
        await("some windows are over", () -> temporaryFiles().size() > 3);
        job.stop();
        List<Path> counted = temporaryFiles();
        assertThat(counted).as("written, and without names").isNotEmpty();
        assertThat(files("out", "numbers")).isEmpty();

        Path left = Files.writeString(counted.get(0).resolveSibling("of-a-killed-process"), "1");
        Path ofAnother = Files.createDirectories(directory.resolve("out/.temp-tidemark-of-another/.temp-beam"));
        Path others = Files.writeString(ofAnother.resolve("written"), "1");
        Path beams = Files.createDirectories(directory.resolve("out/.temp-beam"));
        Path shared = Files.writeString(beams.resolve("written"), "1");
        PipelineResult again = run(numbers, true, 1, options);
        assertThat(left).doesNotExist();
        assertThat(again.waitUntilFinish()).isEqualTo(PipelineResult.State.DONE);

        assertThatEachNumberIsThereOnce();
        assertThat(others).exists();
        assertThat(shared).exists();
        try (Stream<Path> all = Files.list(directory.resolve("out"))) {
            assertThat(all.map(file -> String.valueOf(file.getFileName())).filter(name -> name.startsWith(".")))
                    .containsExactlyInAnyOrder(".temp-tidemark-of-another", ".temp-beam");
        }
    }

    @Test
    void whatAJobThatFailedHasLeftIsGoneWhenItHasEnded() throws Exception {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(
                        "--runner=TidemarkRunner",
                        "--jobName=failing",
                        "--tidemarkStateDir=" + directory.resolve("state"),
                        "--tidemarkMaxRestarts=0",
                        "--tidemarkParallelism=1")
                .create());
        pipeline.apply(GenerateSequence.from(0).to(NUMBERS).withTimestampFn(Instant::ofEpochMilli))
                .apply(MapElements.into(TypeDescriptors.strings()).via(n -> {
                    if (n == NUMBERS - 1) {
                        throw new IllegalStateException("on purpose");
                    }
                    return String.valueOf(n);
                }))
                .apply(TextIO.write().to(directory.resolve("out/numbers").toString()));
        PipelineResult job = pipeline.run();
        assertThatThrownBy(job::waitUntilFinish).hasStackTraceContaining("on purpose");
        assertThat(temporaryFiles()).isEmpty();
        assertThat(directory.resolve("out").toFile().list()).isNullOrEmpty();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(10);
        }
    }
}
