package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A job that is started again, and finds that what it was reading is not what it was. */
@Isolated("its DoFn keeps what it has seen in a static field")
class ChangedInputTest {
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    private Path input = Path.of("");
    private Path state = Path.of("");

    @BeforeEach
    void readTwoFiles(@TempDir Path directory) throws IOException {
        SEEN.clear();
        input = Files.createDirectory(directory.resolve("input"));
        state = directory.resolve("state");
        Files.write(input.resolve("b.txt"), List.of("one", "two"));
        Files.write(input.resolve("c.txt"), List.of("three"));
        assertThat(run()).isEqualTo(PipelineResult.State.DONE);
        assertThat(SEEN).containsExactlyInAnyOrder("one", "two", "three");
        SEEN.clear();
    }

    static final class See extends DoFn<String, Void> {
        @ProcessElement
        public void process(@Element String line) {
            SEEN.add(line);
        }
    }

    private PipelineResult.State run(String... more) {
        Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(Stream.concat(
                                List.of(
                                        "--runner=TidemarkRunner",
                                        "--jobName=lines",
                                        "--tidemarkStateDir=" + state,
                                        "--tidemarkCheckpointInterval=20ms")
                                        .stream(),
                                List.of(more).stream())
                        .toArray(String[]::new))
                .create());
        pipeline.apply("read", TextIO.read().from(input + "/*.txt")).apply(ParDo.of(new See()));
        return pipeline.run().waitUntilFinish();
    }

    @Test
    void whatIsAsItWasIsNotReadAgain() {
        assertThat(run()).isEqualTo(PipelineResult.State.DONE);
        assertThat(SEEN).isEmpty();
    }

    @Test
    void anotherFileIsNotTakenForOneThatWasRead() throws IOException {
        Files.write(input.resolve("a.txt"), List.of("zero"));
        requireRefused("parts");

        // Nothing was lost by trying.
        Files.delete(input.resolve("a.txt"));
        assertThat(run()).isEqualTo(PipelineResult.State.DONE);
        assertThat(SEEN).isEmpty();
    }

    @Test
    void aFileOfAnotherNameIsNotTakenForTheOneBefore() throws IOException {
        Files.move(input.resolve("b.txt"), input.resolve("a.txt"));
        requireRefused("names or lengths");
    }

    @Test
    void aFileThatHasGrownIsNotTakenForTheOneBefore() throws IOException {
        Files.write(input.resolve("c.txt"), List.of("three", "four"));
        requireRefused("is not what it was when the job began");
    }

    @Test
    void withRestoreNoneAllIsReadAnew() throws IOException {
        Files.write(input.resolve("a.txt"), List.of("zero"));
        assertThat(run("--tidemarkRestore=none")).isEqualTo(PipelineResult.State.DONE);
        assertThat(SEEN).containsExactlyInAnyOrder("zero", "one", "two", "three");
    }

    private void requireRefused(String why) {
        assertThatThrownBy(this::run)
                .hasStackTraceContaining("TM-STATE-007: what read/")
                .hasStackTraceContaining(why);
        assertThat(SEEN).isEmpty();
    }
}
