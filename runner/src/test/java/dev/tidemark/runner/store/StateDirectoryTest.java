package dev.tidemark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
    @TempDir(factory = InMemory.class)
    private Path root = Path.of("unset");

    @Test
    void namesThatMeanIllAreDirectoriesLikeAnyOtherAndNeverTheSame() throws Exception {
        List<String> names = List.of(
                "../../x",
                "..",
                ".",
                "",
                "a/b",
                "a_b",
                "C:\\x",
                "a\0b",
                "x".repeat(300),
                "x".repeat(10_000),
                "\uD83D\uDE00",
                "\u202Eabc",
                "CON",
                "con",
                "Con",
                "%2e%2e",
                "a\nb",
                "-rf",
                "\uD800",
                "?",
                "lock",
                "a b",
                "a  b");
        Set<String> encoded = new HashSet<>();
        for (String name : names) {
            String directory = EncodedName.of(name);
            assertThat(directory).matches("[a-z0-9][a-z0-9-]{0,80}");
            assertThat(encoded.add(directory)).as(SealedText.plain(name)).isTrue();
        }
        for (String name : names.subList(0, 9)) {
            for (long epoch = 1; epoch <= 2; epoch++) {
                try (StateDirectory state =
                        StateDirectory.open(root.resolve("states").toString(), name, StateOptions.defaults())) {
                    assertThat(state.store().epoch()).isEqualTo(epoch - 1);
                    History.commit(state.store(), epoch);
                }
            }
        }
        assertThat(History.names(root)).containsExactly("states");
        assertThat(History.names(root.resolve("states"))).hasSize(9);
    }

    @Test
    void nothingInTheDirectoryIsAnybodyElsesWhateverTheMask() throws Exception {
        for (String mask : List.of("000", "077")) {
            Path deep = root.resolve(mask).resolve("deep");
            Process child = new ProcessBuilder(
                            "sh",
                            "-c",
                            "umask " + mask + " && exec \"$@\"",
                            "sh",
                            "java",
                            "-Xmx128m",
                            "-cp",
                            classes(),
                            StoreChild.class.getName(),
                            deep.toString(),
                            "20")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            child.getOutputStream().close();
            child.getInputStream().readAllBytes();
            assertThat(child.waitFor()).isZero();
            try (Stream<Path> all = Files.walk(root.resolve(mask))) {
                for (Path path : all.toList()) {
                    boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .isEqualTo(directory ? "rwx------" : "rw-------");
                }
            }
        }
    }

    private static String classes() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwxrwx---", "rwx----w-"})
    void aDirectoryThatOthersCanWriteToIsRefused(String mode) throws Exception {
        History.write(root);
        Files.setPosixFilePermissions(History.state(root), PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> History.open(root)).hasMessageStartingWith("TM-STORE-003");

        Files.setPosixFilePermissions(History.state(root), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(History.state(root).resolve("live/rows"), PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> History.open(root)).hasMessageStartingWith("TM-STORE-003");

        Files.setPosixFilePermissions(
                History.state(root).resolve("live/rows"), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(mode));
        assertThatThrownBy(() -> History.open(root)).hasMessageStartingWith("TM-STORE-003");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void whatBelongsToSomebodyElseIsRefused() throws Exception {
        boolean isRoot = (Integer) Files.getAttribute(root, "unix:uid") == 0;
        if (!isRoot) {
            System.err.println("NOT RUN: whatBelongsToSomebodyElseIsRefused needs to be root");
        }
        assumeThat(isRoot).isTrue();
        History.write(root);
        for (String inside : List.of("", "live", "live/rows/CURRENT", "live/epoch", "checkpoints", "lock")) {
            Path path = History.state(root).resolve(inside);
            Files.setAttribute(path, "unix:uid", 12345);
            assertThatThrownBy(() -> History.open(root)).as(inside).hasMessageStartingWith("TM-STORE-003");
            Files.setAttribute(path, "unix:uid", 0);
        }
        History.open(root).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "format", "id", "live", "live/epoch", "live/rows/CURRENT", "checkpoints", "native"})
    void aSymbolicLinkOrAPipeIsNeitherFollowedNorWaitedFor(String inside) throws Exception {
        History.write(root);
        Path state = History.state(root);
        Path planted = state.resolve(inside);
        Path target = root.resolve("target");
        if (Files.exists(planted)) {
            Files.move(planted, target);
        } else {
            Files.createDirectory(target);
        }
        List<Path> before = Files.isDirectory(target) ? History.regularFiles(target) : List.of();
        byte[] content = Files.isDirectory(target) ? new byte[0] : Files.readAllBytes(target);

        Files.createSymbolicLink(planted, target);
        assertThatThrownBy(() -> History.open(root)).hasMessageStartingWith("TM-STORE-004");
        Files.delete(planted);
        Files.createSymbolicLink(planted, root.resolve("nowhere"));
        assertThatThrownBy(() -> History.open(root)).hasMessageStartingWith("TM-STORE-004");
        Files.delete(planted);
        assertThat(new ProcessBuilder("mkfifo", planted.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> History.open(root)).hasMessageStartingWith("TM-STORE-004");

        assertThat(Files.exists(root.resolve("nowhere"))).isFalse();
        if (Files.isDirectory(target)) {
            assertThat(History.regularFiles(target)).isEqualTo(before);
        } else {
            assertThat(Files.readAllBytes(target)).isEqualTo(content);
        }
    }

    @Test
    void aStateKeepsItsIdAndNoOtherHasIt() throws Exception {
        String first = id(root);
        assertThat(id(root)).isEqualTo(first);
        assertThat(id(root.resolve("elsewhere"))).isNotEqualTo(first);

        // It becomes part of paths: what is not an id is not taken.
        Path file = History.state(root).resolve("id");
        for (byte[] damaged : List.of(new byte[0], SealedText.write(List.of("../../elsewhere")), new byte[] {1, 2})) {
            Files.write(file, damaged);
            String another = id(root);
            assertThat(UUID.fromString(another)).hasToString(another);
            assertThat(another).isNotEqualTo(first);
            assertThat(id(root)).isEqualTo(another);
        }
    }

    private static String id(Path root) throws Exception {
        try (StateDirectory state = History.open(root)) {
            return state.id();
        }
    }

    @Test
    void theJobsDirectoryItselfIsNoLink() throws Exception {
        History.write(root.resolve("a"));
        Files.createDirectory(root.resolve("b"));
        Files.createSymbolicLink(History.state(root.resolve("b")), History.state(root.resolve("a")));

        assertThatThrownBy(() -> History.open(root.resolve("b"))).hasMessageStartingWith("TM-STORE-004");
    }

    @Test
    void asManyCheckpointsAreKeptAsWereAskedFor() throws Exception {
        History.write(root);

        assertThat(History.names(History.state(root).resolve("checkpoints")))
                .containsExactly("00000000000000000010", "00000000000000000020", "00000000000000000030");
        try (StateDirectory state = StateDirectory.open(
                root.toString(), History.JOB, StateOptions.defaults().withRetained(1, 2))) {
            History.commit(state.store(), 37, 40);
            state.retain();
            state.retain();
        }
        assertThat(History.names(History.state(root).resolve("checkpoints"))).containsExactly("00000000000000000040");
    }

    @Test
    void aJobThatIsToBeginWithNothingDoesAndWhatItHadIsKept() throws Exception {
        History.write(root);
        StateOptions nothing = StateOptions.defaults().withoutRestore();
        for (int i = 1; i <= 2; i++) {
            try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, nothing)) {
                assertThat(state.store().epoch()).isZero();
                History.requireRight(state.store(), "nothing");
                History.commit(state.store(), 1, 3);
            }
            assertThat(History.names(History.state(root).resolve("set-aside-" + i)))
                    .containsExactly("checkpoints", "live");
        }
        try (StateDirectory state = History.open(root)) {
            assertThat(state.store().epoch()).isEqualTo(3);
        }
        // What was set aside is whole: under its old name it is found again.
        Path aside = History.state(root).resolve("set-aside-1");
        Disk.local().deleteTree(History.state(root).resolve("live"));
        Files.move(aside.resolve("live"), History.state(root).resolve("live"));
        try (StateDirectory state = History.open(root)) {
            assertThat(state.store().epoch()).isEqualTo(36);
            History.requireRight(state.store(), "again");
        }
    }

    @Test
    void aSavepointIsWhatAnotherJobCanBeginWithAndStaysAsItIs() throws Exception {
        Path savepoint = root.resolve("savepoint");
        try (StateDirectory state = History.open(root.resolve("a"))) {
            History.commit(state.store(), 1, 12);
            state.savepoint(savepoint.toString());
            assertThatThrownBy(() -> state.savepoint(savepoint.toString())).hasMessageStartingWith("TM-STORE-012");
            History.commit(state.store(), 13, 15);
        }
        List<Disk.FileSum> before = sums(savepoint);
        StateOptions options = StateOptions.defaults().from(savepoint.toString());
        for (String where : List.of("a", "b")) {
            try (StateDirectory state = StateDirectory.open(root.resolve(where).toString(), History.JOB, options)) {
                assertThat(state.store().epoch()).isEqualTo(12);
                History.requireRight(state.store(), "from the savepoint");
                History.commit(state.store(), 13, 20);
                state.retain();
            }
        }
        assertThat(sums(savepoint)).isEqualTo(before);
        assertThat(History.names(root)).containsExactly("a", "b", "savepoint");

        History.flip(savepoint.resolve("rows/CURRENT"), 3, 0);
        assertThatThrownBy(() -> StateDirectory.open(root.resolve("a").toString(), History.JOB, options))
                .hasMessageStartingWith("TM-STORE-010")
                .hasMessageContaining("CURRENT")
                .hasMessageContaining("expected");
        try (StateDirectory state = History.open(root.resolve("a"))) {
            assertThat(state.store().epoch()).isEqualTo(20);
        }
    }

    private static List<Disk.FileSum> sums(Path directory) throws Exception {
        List<Disk.FileSum> sums = new ArrayList<>();
        for (Path file : History.regularFiles(directory)) {
            sums.add(Disk.local().sum(file));
        }
        return sums;
    }

    @Test
    void whatDeadAttemptsHaveLeftIsRemoved() throws Exception {
        History.write(root);
        Path state = History.state(root);
        Files.createDirectories(state.resolve("attempt-x/rows"));
        Files.write(state.resolve("attempt-x/rows/1.sst"), new byte[10]);
        History.copy(state.resolve("live"), state.resolve("next"));
        Files.write(state.resolve("live/ingest.sst"), new byte[10]);
        Files.write(state.resolve("live/probe"), new byte[10]);
        Files.write(state.resolve("live/epoch.next"), new byte[10]);
        Files.write(state.resolve("live/rows/OPTIONS-000007.dbtmp"), new byte[10]);
        Files.createDirectories(state.resolve("savepoints/.attempt-x/rows"));
        Files.createDirectories(state.resolve("savepoints/mine"));

        try (StateDirectory opened = History.open(root)) {
            assertThat(opened.store().epoch()).isEqualTo(36);
        }
        assertThat(History.names(state.resolve("savepoints"))).containsExactly("mine");
        assertThat(History.names(state.resolve("live/rows"))).noneMatch(name -> name.endsWith(".dbtmp"));
        assertThat(History.names(state)).doesNotContain("attempt-x", "next");
        assertThat(History.names(state.resolve("live"))).containsExactly("epoch", "rows");
    }

    @Test
    void aStartThatStoppedBetweenTwoNamesIsFinishedByTheNext() throws Exception {
        History.write(root);
        Path state = History.state(root);
        Files.move(state.resolve("live"), state.resolve("next"));

        try (StateDirectory opened = History.open(root)) {
            assertThat(opened.store().epoch()).isEqualTo(36);
        }
    }

    @Test
    void aStateOfANewerVersionIsLeftAlone() throws Exception {
        History.write(root);
        Path format = History.state(root).resolve("format");
        Files.write(format, SealedText.write(List.of("tidemark state 2", "job history")));

        assertThatThrownBy(() -> History.open(root))
                .hasMessageStartingWith("TM-STORE-005")
                .hasMessageContaining("tidemark state 2");
    }
}
