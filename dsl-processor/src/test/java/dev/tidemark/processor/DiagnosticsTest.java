package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.processor.Compilations.Said;
import dev.tidemark.processor.Compilations.Source;
import dev.tidemark.processor.validation.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every diagnostic has a file that provokes it, and nothing else; the expectation stands on the line above the fault. */
final class DiagnosticsTest {
    private static final Path BAD = Path.of("src/test/resources/bad");
    private static final Pattern EXPECTED = Pattern.compile("\\s*// (ERROR|WARNING) (.*)");
    private static final Pattern OPTION = Pattern.compile("(?m)^// OPTION (.*)$");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("(?m)^(?:public )?(?:abstract |final )*(?:class|interface) (\\w+)");

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void saysExactlyThis(ErrorCode code) throws IOException {
        Path file = BAD.resolve(code.name() + ".java");
        assertThat(file).as("a bad file for %s", code).exists();
        String text = Files.readString(file);
        List<Said> expected = expected(text.split("\n", -1));
        assertThat(expected)
                .as("what %s expects", file)
                .anyMatch(said -> said.message().startsWith(code.tag()));
        Matcher type = PUBLIC_TYPE.matcher(text);
        assertThat(type.find()).isTrue();
        List<Said> said = Compilations.compile(List.of(new Source("shop." + type.group(1), text)), options(text))
                .said();
        assertThat(said).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Stream<Path> variants() throws IOException {
        try (Stream<Path> files = Files.list(BAD.resolve("variants"))) {
            return files.sorted().toList().stream();
        }
    }

    /** Other ways to go wrong of the same kind, each with its own words. */
    @ParameterizedTest
    @MethodSource("variants")
    void saysExactlyThisOfAVariant(Path file) throws IOException {
        String text = Files.readString(file);
        List<Said> expected = expected(text.split("\n", -1));
        assertThat(expected).as("what %s expects", file).isNotEmpty();
        assertThat(Compilations.compile(List.of(new Source("shop.Visits", text)), options(text))
                        .said())
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** The options of the processor that a file asks for. */
    private static List<String> options(String text) {
        return OPTION.matcher(text).results().map(option -> option.group(1)).toList();
    }

    private static List<Said> expected(String[] lines) {
        List<Said> expected = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            Matcher matcher = EXPECTED.matcher(lines[i]);
            if (matcher.matches()) {
                expected.add(new Said(Diagnostic.Kind.valueOf(matcher.group(1)), i + 2, matcher.group(2)));
            }
        }
        return expected;
    }
}
