package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that says what a group does has a row for each rule and each edge case, and the tests in it exist. */
final class SemanticsPageTest {
    private static final Path PAGE = Path.of("../docs/semantics.md");
    private static final List<Path> TESTS = List.of(Path.of("src/test/java"), Path.of("../examples/src/test/java"));
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (G?\\d+) \\|.*\\| ([^|]*) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern METHOD = Pattern.compile("^    void (\\w+)\\(");
    private static final Pattern RESOURCE = Pattern.compile("`(bad/[\\w/]+\\.java)`");

    private static List<String> rows(String page) {
        List<String> rows = new ArrayList<>();
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            rows.add(row.group(1));
        }
        return rows;
    }

    @Test
    void everyRuleAndEveryEdgeCaseHasOneRowInItsPlace() throws IOException {
        List<String> expected = new ArrayList<>();
        IntStream.rangeClosed(1, 30).forEach(rule -> expected.add("G" + rule));
        IntStream.rangeClosed(1, 75).forEach(edgeCase -> expected.add(String.valueOf(edgeCase)));
        assertThat(rows(Files.readString(PAGE))).isEqualTo(expected);
    }

    /** The names of the tests of each class of tests. */
    private static Map<String, List<String>> tests() throws IOException {
        Map<String, List<String>> tests = new HashMap<>();
        for (Path root : TESTS) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.filter(each -> each.toString().endsWith("Test.java"))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    List<String> methods = new ArrayList<>();
                    String[] lines = Files.readString(file).split("\n");
                    boolean annotated = false;
                    for (String line : lines) {
                        annotated |= line.trim().equals("@Test") || line.trim().equals("@ParameterizedTest");
                        Matcher found = METHOD.matcher(line);
                        if (found.find()) {
                            if (annotated) {
                                methods.add(found.group(1));
                            }
                            annotated = false;
                        }
                    }
                    tests.put(name, methods);
                }
            }
        }
        return tests;
    }

    @Test
    void everyRowNamesTestsAndThoseExist() throws IOException {
        Map<String, List<String>> tests = tests();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            Matcher test = TEST.matcher(row.group(2));
            int count = 0;
            while (test.find()) {
                count++;
                assertThat(tests)
                        .as("the class of a test in row %s", row.group(1))
                        .containsKey(test.group(1));
                assertThat(tests.get(test.group(1)))
                        .as("tests of %s, for row %s", test.group(1), row.group(1))
                        .contains(test.group(2));
            }
            assertThat(count).as("tests in row %s", row.group(1)).isPositive();
            Matcher resource = RESOURCE.matcher(row.group(2));
            while (resource.find()) {
                assertThat(Path.of("src/test/resources", resource.group(1))).exists();
            }
        }
    }

    @Test
    void aTestThatThereIsNotIsFoundOut() throws IOException {
        assertThat(tests().get("SemanticsPageTest"))
                .contains("everyRowNamesTestsAndThoseExist")
                .doesNotContain("tests", "rows");
        assertThat(rows("| G1 | a | `ATest.a` |\n| 2 | b | c | `BTest.b` |\n")).containsExactly("G1", "2");
    }
}
