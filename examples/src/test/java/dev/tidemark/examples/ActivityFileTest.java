package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ActivityFileTest {
    private static final String HEADER = "Creation_Time,x,y,z,User,Device,gt\n";

    private final Path directory;

    ActivityFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private ActivityFile file(String content) throws IOException {
        return file(content.getBytes(StandardCharsets.UTF_8));
    }

    private ActivityFile file(byte[] content) throws IOException {
        return ActivityFile.at(written(content).toString(), EventTimeColumn.CREATION);
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(directory.resolve("activity.csv"), content);
    }

    private static String row(long millis) {
        return millis * 1_000_000 + ",1,2,3,u,d,sit";
    }

    private static Reading reading(long line, long millis) {
        return new Reading(line, millis, 1, 2, 3, "u", "d", "sit");
    }

    @Test
    void anEmptyFileHasNoRows() throws IOException {
        assertThat(Feeds.rows(file(""))).isEmpty();
    }

    @Test
    void aFileOfBlankLinesHasNoRows() throws IOException {
        assertThat(Feeds.rows(file("\n\r\n  \n"))).isEmpty();
    }

    @Test
    void aHeaderAloneHasNoRows() throws IOException {
        assertThat(Feeds.rows(file(HEADER))).isEmpty();
        assertThat(Feeds.rows(file(HEADER.strip()))).isEmpty();
    }

    @Test
    void theLastLineNeedsNoEnd() throws IOException {
        assertThat(Feeds.rows(file(HEADER + row(1) + "\n" + row(2)))).containsExactly(reading(2, 1), reading(3, 2));
    }

    @Test
    void windowsLineEndsAByteOrderMarkAndBlankLinesDoNoHarm() throws IOException {
        assertThat(Feeds.rows(file("\uFEFF" + HEADER.strip() + "\r\n" + row(1) + "\r\n\r\n" + row(2) + "\r\n")))
                .containsExactly(reading(2, 1), reading(4, 2));
    }

    @Test
    void aFileThatBeginsWithAnObjectIsJson() throws IOException {
        String object =
                "{\"Creation_Time\":1000000,\"x\":1,\"y\":2,\"z\":3,\"User\":\"u\",\"Device\":\"d\",\"gt\":\"sit\"}\n";
        assertThat(Feeds.rows(file(object + "nonsense\n" + object)))
                .containsExactly(reading(1, 1), new Malformed(2, "it is not JSON"), reading(3, 1));
    }

    @Test
    void aBadLineAmongGoodOnesStopsNothing() throws IOException {
        assertThat(Feeds.rows(file(HEADER + row(1) + "\nrubbish\n" + row(2))))
                .containsExactly(
                        reading(2, 1), new Malformed(3, "it has 1 column where the header has 7"), reading(4, 2));
    }

    @Test
    void bytesThatAreNotUtf8AreAMalformedRow() throws IOException {
        byte[] content = (HEADER + row(1) + "\n#\n" + row(2)).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < content.length; i++) {
            content[i] = content[i] == '#' ? (byte) 0xff : content[i];
        }
        assertThat(Feeds.rows(file(content)))
                .containsExactly(reading(2, 1), new Malformed(3, "it is not text in UTF-8"), reading(4, 2));
    }

    @Test
    void aLineOfAMegabyteIsAMalformedRow() throws IOException {
        assertThat(Feeds.rows(file(HEADER + row(1) + "\n" + "a".repeat(1 << 20) + "\n" + row(2))))
                .containsExactly(reading(2, 1), new Malformed(3, "it is longer than 65536 bytes"), reading(4, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64, 1_000})
    void thePartsTogetherHaveTheRowsOfTheWholeWithTheirLineNumbers(int parts) throws IOException {
        StringBuilder content = new StringBuilder("\n" + HEADER);
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            content.append(random.nextInt(10) == 0 ? "?".repeat(random.nextInt(200)) : row(i))
                    .append('\n');
        }
        ActivityFile whole = file(content.toString());
        List<Row> together = new ArrayList<>();
        for (ActivityFile part : whole.split(parts)) {
            together.addAll(Feeds.rows(part));
        }
        assertThat(together).isEqualTo(Feeds.rows(whole)).hasSizeGreaterThan(290);
        assertThat(whole.split(parts)).hasSizeLessThanOrEqualTo(parts);
    }

    @Test
    void aMissingFileIsAnErrorThatSaysWhereItLooked() {
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> ActivityFile.at(directory.resolve("none.csv").toString(), EventTimeColumn.CREATION))
                .withMessageContaining("there is no file at " + directory.resolve("none.csv"))
                .withMessageContaining("[TM-INPUT-001]")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(ExampleException.Kind.INPUT));
    }

    @Test
    void aDirectoryIsAnError() {
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> ActivityFile.at(directory.toString(), EventTimeColumn.CREATION))
                .withMessageContaining("it is a directory")
                .withMessageContaining("[TM-INPUT-002]");
    }

    @Test
    void aFileThatMayNotBeReadIsAnError() throws IOException {
        Path file = written(HEADER.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        if (Files.isReadable(file)) {
            System.err.println("NOT CHECKED: a file without permissions, because this user may read everything");
            return;
        }
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> ActivityFile.at(file.toString(), EventTimeColumn.CREATION))
                .withMessageContaining("you may not read it")
                .withMessageContaining("[TM-INPUT-003]");
    }

    @Test
    void binaryGarbageIsAnError() {
        byte[] garbage = new byte[100_000];
        new Random(1).nextBytes(garbage);
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> file(garbage))
                .withMessageContaining("its first line is not text in UTF-8")
                .withMessageContaining("[TM-INPUT-004]");
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> file(new byte[100_000]))
                .withMessageContaining("its first line is longer than 65536 bytes");
    }

    @Test
    void anotherCsvFileIsAnErrorThatNamesTheColumns() {
        assertThatExceptionOfType(ExampleException.class)
                .isThrownBy(() -> file("name,price\napple,1\n"))
                .withMessageContaining("its first line has no column Creation_Time, x, y, z, User, Device, gt");
    }

    @Test
    void aFileThatShrinksWhileItIsReadIsAnError() throws IOException {
        ActivityFile file = file(HEADER + row(1) + "\n" + row(2) + "\n");
        written((HEADER + row(1) + "\n").getBytes(StandardCharsets.UTF_8));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Feeds.rows(file))
                .withMessageContaining("leave a file alone while it is being read");
    }
}
