package dev.tidemark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorIdsTest {
    private static final Pattern ID = Pattern.compile("TM-[A-Z]+-[0-9]{3}");

    @Test
    void theErrorsPageExplainsEveryIdOfTheRunnerAndNoOther() throws IOException {
        TreeSet<String> used = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                used.addAll(idsIn(Files.readString(source)));
            }
        }
        String page = Files.readString(Path.of("..", "docs", "errors.md"));
        String part = page.substring(page.indexOf("### Runner"), page.indexOf("### Examples and launcher"));
        TreeSet<String> explained = new TreeSet<>();
        part.lines().filter(line -> line.startsWith("| TM-")).forEach(line -> explained.add(line.split(" ", 3)[1]));

        assertThat(used).isNotEmpty();
        assertThat(explained).isEqualTo(used);
    }

    private static List<String> idsIn(String text) {
        return ID.matcher(text).results().map(MatchResult::group).toList();
    }
}
