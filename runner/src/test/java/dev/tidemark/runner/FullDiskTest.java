package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.joda.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job on a disk that becomes full, and then has room again. */
@Isolated("its DoFn counts in a static field")
class FullDiskTest {
    private static final AtomicLong SEEN = new AtomicLong();

    @TempDir
    private Path directory = Path.of("");

    /** With little memory, tasks wait for a commit before they take more in; and that commit fails. */
    @ParameterizedTest
    @ValueSource(strings = {"512MB", "100KB"})
    void aJobOnAFullDiskWaitsAndGoesOnByItselfWhenThereIsRoom(String memory) throws Exception {
        Path mount = Files.createDirectory(directory.resolve("small"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=256m,mode=0700", "tmpfs", mount.toString());
        if (!mounted) {
            System.err.println(
                    "NOT RUN: what a job does on a full disk; it needs to be root, to mount a small file system");
        }
        assumeThat(mounted).isTrue();
        try {
            SEEN.set(0);
            Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.fromArgs(
                            "--runner=TidemarkRunner",
                            "--jobName=full",
                            "--tidemarkStateDir=" + mount,
                            "--tidemarkStateMemory=" + memory,
                            "--tidemarkCheckpointInterval=100ms")
                    .create());
            pipeline.apply(GenerateSequence.from(0).withRate(200, Duration.millis(1)))
                    .apply("key", ParDo.of(new ToKeys()))
                    .setCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()))
                    .apply("keep", ParDo.of(new Keep()));
            PipelineResult job = pipeline.run();
            await("the first are seen", () -> SEEN.get() > 1_000);

            Path ballast = mount.resolve("ballast");
            fill(ballast);
            await("nothing more is read", FullDiskTest::isQuiet);
            assertThat(job.getState()).isEqualTo(PipelineResult.State.RUNNING);

            long before = SEEN.get();
            Files.delete(ballast);
            await("more is read", () -> SEEN.get() > before + 1_000);
            assertThat(((TidemarkResult) job).stop()).isEqualTo(PipelineResult.State.CANCELLED);
        } finally {
            // Lazily: the JVM may have mapped RocksDB's library from there.
            assertThat(run("umount", "-l", mount.toString())).isTrue();
        }
    }

    /** Whether nothing is seen for longer than a few checkpoints would take. */
    private static boolean isQuiet() {
        long before = SEEN.get();
        sleep(500);
        return SEEN.get() == before;
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            sleep(10);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What the job deletes meanwhile is taken, too. */
    private static void fill(Path file) {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (; ; ) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    static final class ToKeys extends DoFn<Long, KV<Long, String>> {
        private static final long serialVersionUID = 1L;

        @ProcessElement
        public void process(@Element Long n, OutputReceiver<KV<Long, String>> out) {
            SEEN.incrementAndGet();
            out.output(KV.of(n % 20_000, "x".repeat(1_000) + n));
        }
    }

    /** Something that makes epochs large. */
    static final class Keep extends DoFn<KV<Long, String>, Void> {
        private static final long serialVersionUID = 1L;

        @StateId("last")
        private final StateSpec<ValueState<String>> lastSpec = StateSpecs.value(StringUtf8Coder.of());

        @ProcessElement
        public void process(@Element KV<Long, String> element, @StateId("last") ValueState<String> last) {
            last.write(element.getValue());
        }
    }
}
