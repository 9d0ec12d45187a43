package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("any-jdk")
class StoreCrashTest {
    private static final int KILLS = Integer.getInteger("tidemark.store.kills", 12);
    private static final int SIGKILL = 128 + 9;
    private static final long SECONDS = 60;

    @TempDir
    private Path root = Path.of("unset");

    @Test
    void aProcessThatIsKilledAnywhereLosesNothingThatItAnnounced() throws Exception {
        long seed = Long.getLong("tidemark.test.seed", System.nanoTime());
        System.err.println("kills: replay with -Dtidemark.test.seed=" + seed);
        Random random = new Random(seed);
        long newest = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            String what = "kill " + kill + ", seed " + seed;
            // Epochs of more than so many bytes go as a sorted file: some do, and some do not.
            Process child = StoreChild.start(root, -1, List.of("-Dtidemark.store.largeBytes=3000"));
            long announced = 0;
            try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
                long after = newest + random.nextInt(60);
                String line = lines.readLine();
                while (line != null && announced < after) {
                    announced = Long.parseLong(line.substring(line.indexOf(' ') + 1));
                    line = lines.readLine();
                }
                long wait = System.nanoTime() + random.nextInt(5_000_000);
                while (System.nanoTime() < wait) {
                    Thread.onSpinWait();
                }
                // By its handle: what it had still said is wanted.
                assertThat(child.toHandle().destroyForcibly()).as(what).isTrue();
                for (; line != null && line.matches("(open|epoch) [0-9]+"); line = lines.readLine()) {
                    announced = Math.max(announced, Long.parseLong(line.substring(line.indexOf(' ') + 1)));
                }
            }
            assertThat(child.waitFor(SECONDS, TimeUnit.SECONDS)).as(what).isTrue();
            assertThat(child.exitValue()).as(what).isEqualTo(SIGKILL);
            try (StateDirectory state = History.open(root)) {
                assertThat(state.store().epoch()).as(what).isGreaterThanOrEqualTo(announced);
                History.requireRight(state.store(), what);
                newest = state.store().epoch();
            }
            assertThat(History.names(History.state(root)))
                    .as(what)
                    .containsExactlyInAnyOrder("checkpoints", "format", "id", "live", "lock", "native");
            assertThat(History.names(History.state(root).resolve("checkpoints")))
                    .as(what)
                    .hasSizeLessThanOrEqualTo(3);
        }
        assertThat(newest).isGreaterThan(KILLS);
    }

    @Test
    void aSecondProcessIsToldWhoUsesTheStateAndTheFirstKeepsIt() throws Exception {
        Path temporary = Files.createDirectory(root.resolve("tmp"));
        // What RocksDB's own loader would come upon.
        Path planted = Files.write(temporary.resolve("librocksdbjni-linux64.so"), new byte[] {1, 2, 3});
        Process child = StoreChild.start(root, 3, List.of("-Djava.io.tmpdir=" + temporary));
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null && !line.equals("epoch 3")) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo("epoch 3");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> History.open(root))
                        .isInstanceOf(StoreException.class)
                        .hasMessageStartingWith("TM-STORE-002")
                        .hasMessageContaining("process " + child.pid() + ".");
            }
            assertThat(History.names(temporary))
                    .contains("librocksdbjni-linux64.so")
                    .allSatisfy(name -> assertThat(name).matches("librocksdbjni-linux64\\.so|hsperfdata.*"));
            assertThat(Files.readAllBytes(planted)).containsExactly(1, 2, 3);
            child.getOutputStream().close();
            assertThat(lines.readLine()).isEqualTo("end -1");
        }
        assertThat(child.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isZero();

        // The library that somebody has changed is replaced, and not loaded.
        Path library = Disk.local().list(History.state(root).resolve("native")).get(0);
        byte[] right = Files.readAllBytes(library);
        Files.write(library, new byte[] {1, 2, 3});
        Process next = StoreChild.start(root, 4, List.of());
        next.getOutputStream().close();
        assertThat(new String(next.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("open 3", "epoch 4");
        assertThat(next.waitFor()).isZero();
        assertThat(Files.readAllBytes(library)).isEqualTo(right);
    }

    @Test
    void aSecondJobOfTheSameProcessIsToldSoAndTheFirstStaysLocked() throws Exception {
        try (StateDirectory state = History.open(root)) {
            assertThatThrownBy(() -> History.open(root))
                    .hasMessageStartingWith("TM-STORE-002")
                    .hasMessageContaining("this one");
            History.commit(state.store(), 1);
            // Closing the file a second time would have given the lock away.
            Process child = StoreChild.start(root, 3, List.of());
            assertThat(child.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isNotZero();
        }
        try (StateDirectory state = History.open(root)) {
            assertThat(state.store().epoch()).isEqualTo(1);
        }
    }
}
