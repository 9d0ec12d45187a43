package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What is generated for the example groups, to the byte: a change of the generated code is seen by whoever reviews it. */
final class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String UPDATE = "golden.update";

    @Test
    void theGeneratedSourcesOfTheExamplesAreTheCommittedOnes() throws IOException {
        Compilations.Outcome outcome = Compilations.compile(Compilations.groups());
        assertThat(outcome.said()).isEmpty();
        Map<String, String> generated = new TreeMap<>();
        outcome.generated().forEach((path, text) -> generated.put(path.substring(path.lastIndexOf('/') + 1), text));
        assertThat(generated).hasSize(5 * Compilations.groups().size());
        if (Boolean.getBoolean(UPDATE)) {
            rewrite(generated);
            Assertions.fail("the golden files were rewritten; look at what changed, and run again without -D" + UPDATE);
        }
        assertThat(generated.keySet())
                .as("the names of the generated files; -D%s=true rewrites %s", UPDATE, GOLDEN)
                .isEqualTo(committed().keySet());
        committed()
                .forEach((name, text) -> assertThat(generated.get(name))
                        .as("%s; if the change is meant, -D%s=true rewrites %s", name, UPDATE, GOLDEN)
                        .isEqualTo(text));
    }

    private static Map<String, String> committed() throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(GOLDEN)) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }

    private static void rewrite(Map<String, String> generated) throws IOException {
        Files.createDirectories(GOLDEN);
        for (String name : committed().keySet()) {
            Files.delete(GOLDEN.resolve(name));
        }
        for (Map.Entry<String, String> each : generated.entrySet()) {
            Files.writeString(GOLDEN.resolve(each.getKey()), each.getValue());
        }
    }
}
