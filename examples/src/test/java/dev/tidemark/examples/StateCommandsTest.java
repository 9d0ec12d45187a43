package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.StateDirectory;
import dev.tidemark.runner.store.StateOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What {@code ./tidemark state}, {@code checkpoints} and {@code savepoint} print and exit with. */
@Isolated("it takes standard output away from others")
class StateCommandsTest {
    private record Ran(int exitCode, String out) {}

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void commit() throws Exception {
        try (StateDirectory state = StateDirectory.open(directory.toString(), "orders", StateOptions.defaults())) {
            Changes changes = new Changes();
            changes.put(new byte[] {0, 0, 0, 9, 2}, new byte[] {1});
            state.store().commit(1, List.of(changes));
            state.retain();
        }
    }

    private Ran run(String... args) {
        String[] all = new String[args.length + 1];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--state-dir=" + directory;
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return new Ran(StateCommands.run(all), bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void jobsAreListedWithTheirDirectories() {
        Ran ran = run("state", "ls");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("JOB").contains("orders").contains(directory.toString());
    }

    @Test
    void checkpointsAreListedAsATableOrAsJson() {
        assertThat(run("checkpoints", "ls", "orders").out().lines().toList())
                .hasSize(2)
                .element(0)
                .asString()
                .matches("EPOCH +MADE +FILES +BYTES +PATH");
        assertThat(run("checkpoints", "ls", "orders", "-o", "json").out()).startsWith("{\"epoch\":1,\"made\":\"");
    }

    @Test
    void aCheckpointThatIsWholeIsSaidToBe() {
        Ran ran = run("checkpoints", "verify", "orders");
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("whole: epoch 1, ");
    }

    @Test
    void aDamagedCheckpointIsReportedWithItsOwnExitCode() throws Exception {
        Path table;
        try (var files = Files.walk(directory)) {
            table = files.filter(file -> file.toString().contains("checkpoints")
                            && file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] content = Files.readAllBytes(table);
        content[content.length / 2] ^= 1;
        Files.write(table, content);

        assertThat(run("checkpoints", "verify", "orders").exitCode()).isEqualTo(4);
    }

    @Test
    void aSavepointIsMadeWhereItIsAskedForAndVerified() {
        Path target = directory.resolve("copy");
        Ran made = run("savepoint", "create", "orders", target.toString());
        assertThat(made).isEqualTo(new Ran(0, target + System.lineSeparator()));
        assertThat(run("savepoint", "verify", target.toString()).out()).startsWith("whole: epoch 1, ");
        // Not a second time over the first.
        assertThat(run("savepoint", "create", "orders", target.toString()).exitCode())
                .isEqualTo(1);
    }

    @Test
    void whatIsNotThereAndWhatIsNotMeantHaveTheirExitCodes() {
        assertThat(run("state", "ls", "nobody").exitCode()).isEqualTo(1);
        assertThat(run("state", "get", "orders", "nobody").exitCode()).isEqualTo(1);
        assertThat(run("checkpoints", "show", "orders", "77").exitCode()).isEqualTo(1);
        assertThat(run("state", "loose", "orders").exitCode()).isEqualTo(2);
        assertThat(run("checkpoints").exitCode()).isEqualTo(2);
    }
}
