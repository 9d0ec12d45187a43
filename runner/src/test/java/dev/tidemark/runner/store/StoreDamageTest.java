package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.runner.store.Disk.FileSum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the files: the right rows of some epoch, or a refusal. */
@Tag("any-jdk")
class StoreDamageTest {
    private static final long NEWEST = 36;
    private static final int FLIPS = Integer.getInteger("tidemark.store.flips", 200);

    @TempDir(factory = InMemory.class)
    private static Path whole = Path.of("unset");

    @TempDir(factory = InMemory.class)
    private Path scratch = Path.of("unset");

    private int copies;

    @BeforeAll
    static void write() throws StoreException {
        History.write(whole);
    }

    private enum Outcome {
        LIVE,
        OLDER,
        REFUSED
    }

    private Path copy() throws IOException {
        copies++;
        Path root = scratch.resolve("copy-" + copies);
        History.copy(whole, root);
        return root;
    }

    /** Opens what may be damaged. */
    private static Outcome open(Path root, String what) throws IOException {
        try (StateDirectory state = History.open(root)) {
            History.requireRight(state.store(), what);
            if (state.store().epoch() == NEWEST) {
                return Outcome.LIVE;
            }
            assertThat(state.store().epoch()).as(what).isIn(10L, 20L, 30L);
            assertThat(History.names(History.state(root))).as(what).contains("damaged-1");
            History.commit(state.store(), state.store().epoch() + 1);
            History.requireRight(state.store(), what + ", one epoch later");
            return Outcome.OLDER;
        } catch (StoreException e) {
            assertThat(e.getMessage()).as(what).matches("(?s)TM-STORE-0(05|09).*");
            return Outcome.REFUSED;
        }
    }

    @Test
    void whatIsWholeIsFoundAtItsNewestEpoch() throws Exception {
        assertThat(open(copy(), "whole")).isEqualTo(Outcome.LIVE);
    }

    @Test
    void noFlippedBitOfTheLiveStateLeadsToWrongRows() throws Exception {
        long seed = Long.getLong("tidemark.test.seed", System.nanoTime());
        System.err.println("flips: replay with -Dtidemark.test.seed=" + seed);
        Random random = new Random(seed);
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (int i = 0; i < FLIPS; i++) {
            Path root = copy();
            List<Path> files = History.regularFiles(History.state(root).resolve("live")).stream()
                    .filter(file -> file.toFile().length() > 0)
                    .toList();
            Path file = files.get(random.nextInt(files.size()));
            long position = (long) (random.nextDouble() * Files.size(file));
            int bit = random.nextInt(8);
            History.flip(file, position, bit);
            String what = file.getFileName() + ", bit " + bit + " at " + position + ", seed " + seed + ", flip " + i;
            outcomes.merge(open(root, what), 1, Integer::sum);
            Disk.local().deleteTree(root);
        }
        System.err.println("flips: " + outcomes);
        assertThat(outcomes.keySet()).contains(Outcome.LIVE, Outcome.OLDER);
    }

    /** RocksDB takes a length that leads beyond the end for the torn end of a crash: found by a flip drawn at random. */
    @Test
    void everyFlippedBitOfRocksDbsManifestIsNoticed() throws Exception {
        Path rows = History.state(whole).resolve("live/rows");
        EpochRecord record = EpochRecord.open(Disk.local(), rows.resolveSibling("epoch"));
        ManifestWatch.require(Disk.local(), rows, record.beginning());
        String name = String.format("MANIFEST-%06d", record.beginning().number());
        assertThat(record.beginning().length()).isEqualTo(Files.size(rows.resolve(name)));
        Path root = copy();
        Path file = History.state(root).resolve("live/rows").resolve(name);
        for (int i = 0; i < record.beginning().length(); i++) {
            History.flip(file, i, i % 8);
            assertThatThrownBy(() -> ManifestWatch.require(Disk.local(), file.resolveSibling("."), record.beginning()))
                    .as("byte %d", i)
                    .isInstanceOf(DamagedException.class);
            History.flip(file, i, i % 8);
        }
        for (int i = 0; i < Math.min(FLIPS / 8, record.beginning().length()); i++) {
            Path other = copy();
            long position = record.beginning().length() * i / Math.max(1, FLIPS / 8);
            History.flip(History.state(other).resolve("live/rows").resolve(name), position, 7);
            assertThat(open(other, name + " at " + position)).isEqualTo(Outcome.OLDER);
            Disk.local().deleteTree(other);
        }
    }

    @Test
    void aByteThatWentBadInTheMiddleOfTheLogIsNoticed() throws Exception {
        Path root = copy();
        Path log = only(History.state(root).resolve("live/rows"), ".log");
        History.flip(log, Files.size(log) / 2, 3);

        assertThat(open(root, "log")).isEqualTo(Outcome.OLDER);
    }

    @Test
    void aTornEndOfTheLogThatWasNeverAnnouncedIsNoDamage() throws Exception {
        Path root = copy();
        Path live = History.state(root).resolve("live");
        Path log = only(live.resolve("rows"), ".log");
        // As if the machine had stopped while epoch 36 was being written.
        Files.delete(live.resolve("epoch"));
        RocksStore.createRecord(Disk.local(), live, NEWEST - 1);
        byte[] content = Files.readAllBytes(log);
        Files.write(log, java.util.Arrays.copyOf(content, content.length - 5));

        try (StateDirectory state = History.open(root)) {
            assertThat(state.store().epoch()).isEqualTo(NEWEST - 1);
            History.requireRight(state.store(), "torn");
        }
    }

    @Test
    void aFlippedBitOfTheEpochRecordIsNoticedAndOneSlotIsEnough() throws Exception {
        Path record = History.state(whole).resolve("live/epoch");
        byte[] right = Files.readAllBytes(record);
        Path wrong = scratch.resolve("epoch");
        for (int i = 0; i < EpochRecord.USED; i++) {
            for (int bit = 0; bit < 8; bit++) {
                Files.write(wrong, right);
                History.flip(wrong, i, bit);
                assertThat(EpochRecord.open(Disk.local(), wrong).newest())
                        .as("byte %d, bit %d", i, bit)
                        .isIn(NEWEST - 1, NEWEST);
                History.flip(wrong, 4096L + i, bit);
                assertThatThrownBy(() -> EpochRecord.open(Disk.local(), wrong)).isInstanceOf(DamagedException.class);
            }
        }
        for (int slot = 0; slot < 2; slot++) {
            Path root = copy();
            History.flip(History.state(root).resolve("live/epoch"), slot * 4096L + 12, 0);
            assertThat(open(root, "slot " + slot)).isEqualTo(Outcome.LIVE);
        }
        Path root = copy();
        History.flip(History.state(root).resolve("live/epoch"), 12, 0);
        History.flip(History.state(root).resolve("live/epoch"), 4096 + 12, 0);
        assertThat(open(root, "both slots")).isEqualTo(Outcome.OLDER);
    }

    @Test
    void everyFlippedBitOfAManifestIsNoticed() throws Exception {
        Path manifest = newest(whole).resolve(Manifest.FILE);
        byte[] right = Files.readAllBytes(manifest);
        assertThat(Manifest.read(right).epoch()).isEqualTo(30);

        for (int i = 0; i < right.length; i++) {
            for (int mask = 1; mask < 256; mask++) {
                byte[] wrong = right.clone();
                wrong[i] ^= (byte) mask;
                assertThatThrownBy(() -> Manifest.read(wrong))
                        .as("byte %d, mask %d", i, mask)
                        .isInstanceOf(DamagedException.class);
            }
        }
        for (int length = 0; length < right.length; length++) {
            byte[] wrong = java.util.Arrays.copyOf(right, length);
            assertThatThrownBy(() -> Manifest.read(wrong)).isInstanceOf(DamagedException.class);
        }
    }

    @Test
    void aManifestThatMeansIllIsRefusedAlthoughItsSumIsRight() {
        List<String> ill = List.of(
                "file ../x 1 00000000",
                "file /etc/passwd 1 00000000",
                "file a/b 1 00000000",
                "file .. 1 00000000",
                "file a -1 00000000",
                "file a 99999999999999999999 00000000",
                "file a 1 0",
                "file  1 00000000",
                "link a b");
        for (String line : ill) {
            byte[] manifest = SealedText.write(List.of("tidemark checkpoint 1", "epoch 1", line));
            assertThatThrownBy(() -> Manifest.read(manifest)).as(line).isInstanceOf(DamagedException.class);
        }
        byte[] twice =
                SealedText.write(List.of("tidemark checkpoint 1", "epoch 1", "file a 1 00000000", "file a 1 00000000"));
        assertThatThrownBy(() -> Manifest.read(twice)).hasMessageContaining("twice");
        byte[] later = SealedText.write(List.of("tidemark checkpoint 2", "epoch 1"));
        assertThatThrownBy(() -> Manifest.read(later)).hasMessageContaining("checkpoint 2");
    }

    private enum Harm {
        MISSING,
        EMPTY,
        TRUNCATED,
        ZEROED,
        SWAPPED
    }

    @Test
    void aRetainedCheckpointWithAnyFileHarmedIsPassedOver() throws Exception {
        Path one = newest(whole);
        for (Path file : History.regularFiles(one)) {
            String name = one.relativize(file).toString();
            for (Harm harm : Harm.values()) {
                Path root = copy();
                // So that a retained checkpoint is needed.
                Files.delete(History.state(root).resolve("live/rows/CURRENT"));
                Path harmed = newest(root).resolve(name);
                Path older =
                        newest(root).resolveSibling(String.format("%020d", 20)).resolve(name);
                String what = name + " " + harm;
                if (!harm(harmed, older, harm)) {
                    Disk.local().deleteTree(root);
                    continue;
                }
                try (StateDirectory state = History.open(root)) {
                    assertThat(state.store().epoch()).as(what).isEqualTo(20);
                    History.requireRight(state.store(), what);
                    assertThat(History.names(History.state(root))).as(what).contains("damaged-1", "damaged-2");
                }
                Disk.local().deleteTree(root);
            }
        }
    }

    /** False where the harm would leave the file as it is. */
    private static boolean harm(Path file, Path older, Harm harm) throws IOException {
        byte[] content = Files.readAllBytes(file);
        switch (harm) {
            case MISSING -> Files.delete(file);
            case EMPTY -> Files.write(file, new byte[0]);
            case TRUNCATED -> Files.write(file, java.util.Arrays.copyOf(content, Math.max(0, content.length - 1)));
            case ZEROED -> Files.write(file, new byte[content.length]);
            case SWAPPED -> {
                if (!Files.exists(older)) {
                    return false;
                }
                Files.copy(older, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return !Files.exists(file) || !java.util.Arrays.equals(content, Files.readAllBytes(file));
    }

    @Test
    void aManifestOfAnotherEpochIsNotBelieved() throws Exception {
        Path root = copy();
        Files.delete(History.state(root).resolve("live/rows/CURRENT"));
        Path manifest = newest(root).resolve(Manifest.FILE);
        Manifest right = Manifest.read(Files.readAllBytes(manifest));
        Files.write(manifest, new Manifest(31, new TreeMap<String, FileSum>(right.files())).write());

        try (StateDirectory state = History.open(root)) {
            assertThat(state.store().epoch()).isEqualTo(20);
        }
    }

    @Test
    void whereNothingIsWholeTheJobIsRefusedAgainAndAgainAndNothingIsTouched() throws Exception {
        Path root = copy();
        Path state = History.state(root);
        Files.delete(state.resolve("live/rows/CURRENT"));
        for (Path checkpoint : Disk.local().list(state.resolve("checkpoints"))) {
            Files.delete(checkpoint.resolve(Manifest.FILE));
        }
        List<Path> before = History.regularFiles(state);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> History.open(root))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("TM-STORE-009")
                    .hasMessageContaining("--tidemarkRestore=none");
        }
        assertThat(History.regularFiles(state).stream().filter(file -> !isRocksDbsDiary(file)))
                .containsExactlyElementsOf(
                        before.stream().filter(file -> !isRocksDbsDiary(file)).toList());
        try (StateDirectory opened = StateDirectory.open(
                root.toString(), History.JOB, StateOptions.defaults().withoutRestore())) {
            assertThat(opened.store().epoch()).isZero();
        }
        assertThat(History.names(state.resolve("set-aside-1"))).containsExactly("checkpoints", "live");
    }

    /** RocksDB notes each attempt to open in a file of its own. */
    private static boolean isRocksDbsDiary(Path file) {
        return file.getFileName().toString().startsWith("LOG");
    }

    @Test
    void aLiveStateThatIsGoneIsDamageAndNotAFreshStart() throws Exception {
        Path root = copy();
        Disk.local().deleteTree(History.state(root).resolve("live"));
        try (StateDirectory state = History.open(root)) {
            assertThat(state.store().epoch()).isEqualTo(30);
        }

        Path other = copy();
        Files.delete(History.state(other).resolve("format"));
        assertThatThrownBy(() -> History.open(other)).hasMessageStartingWith("TM-STORE-005");
    }

    private static Path newest(Path root) {
        return History.state(root).resolve("checkpoints").resolve(String.format("%020d", 30));
    }

    private static Path only(Path directory, String suffix) throws IOException {
        List<Path> files = Disk.local().list(directory).stream()
                .filter(file ->
                        file.toString().endsWith(suffix) && file.toFile().length() > 0)
                .toList();
        assertThat(files).hasSize(1);
        return files.get(0);
    }
}
