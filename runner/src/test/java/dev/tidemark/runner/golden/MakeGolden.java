package dev.tidemark.runner.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.TidemarkResult;
import dev.tidemark.runner.golden.GoldenJob.Change;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.beam.sdk.PipelineResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes what {@link GoldenCheckpointsTest} reads, once for each release: {@code ./mvnw -pl runner verify -Dtest=MakeGolden
 * -Dgolden.version=0.1}. It is run by name only, and fails where the job does not say what it must.
 */
class MakeGolden {
    @Test
    void aCheckpointOfThisVersionIsMade(@TempDir Path directory) throws Exception {
        String version = System.getProperty("golden.version", "");
        assertThat(version).as("-Dgolden.version").matches("[0-9]+(\\.[0-9]+)+");
        Path to = GoldenCheckpointsTest.GOLDEN.resolve(version);
        assertThat(to).as("what is there stays as it is").doesNotExist();
        GoldenJob.forget(GoldenJob.QUARTER);
        TidemarkResult first = GoldenJob.start(directory, Change.NOTHING, "--tidemarkCheckpointInterval=50ms");
        GoldenJob.await(
                "a quarter",
                () -> GoldenJob.said().equals(GoldenJob.saidBefore(GoldenJob.QUARTER, GoldenJob.QUARTER))
                        && GoldenJob.POSITIONS.get() == GoldenJob.positionsBelow(GoldenJob.QUARTER));
        assertThat(first.stop()).isEqualTo(PipelineResult.State.CANCELLED);

        // From here on no checkpoint but the one that is kept: what needs one waits for it.
        GoldenJob.limit = GoldenJob.HALF;
        TidemarkResult second = GoldenJob.start(directory, Change.NOTHING, "--tidemarkCheckpointInterval=1h");
        GoldenJob.await(
                "a half",
                () -> GoldenJob.said().equals(GoldenJob.saidBefore(GoldenJob.HALF, GoldenJob.QUARTER))
                        && GoldenJob.POSITIONS.get() == GoldenJob.positionsBelow(GoldenJob.HALF));
        String savepoint = second.savepoint(directory.resolve("savepoint").toString());
        second.cancel();

        Files.createDirectories(to);
        pack(Path.of(savepoint), to.resolve(GoldenCheckpointsTest.ZIP));
    }

    private static void pack(Path from, Path zip) throws IOException {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream packed = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                ZipEntry entry = new ZipEntry(from.relativize(file).toString().replace('\\', '/'));
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                packed.putNextEntry(entry);
                Files.copy(file, packed);
                packed.closeEntry();
            }
        }
    }
}
