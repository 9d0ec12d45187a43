package dev.tidemark.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.processor.validation.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page that explains the diagnostics explains these, all of them, in the words that the compiler says. */
final class ErrorsPageTest {
    private static final Path PAGE = Path.of("../docs/errors.md");
    private static final Pattern ENTRY = Pattern.compile("(?m)^### (\\w+)$");

    /** The part of the page that is about the compiler. */
    private static String page() throws IOException {
        String text = Files.readString(PAGE);
        return text.substring(
                text.indexOf("## While compiling"), text.indexOf("## When the generated class is missing"));
    }

    @Test
    void everyDiagnosticHasOneEntryAndEveryEntryADiagnosticInTheSameOrder() throws IOException {
        List<String> entries = new ArrayList<>();
        Matcher entry = ENTRY.matcher(page());
        while (entry.find()) {
            entries.add(entry.group(1));
        }
        assertThat(entries)
                .isEqualTo(Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void anEntryQuotesTheMessageAndSaysWhyAndWhatToDo(ErrorCode code) throws IOException {
        String page = page();
        int start = page.indexOf("\n### " + code.name() + "\n");
        int end = page.indexOf("\n### ", start + 1);
        String entry = page.substring(start, end < 0 ? page.length() : end);
        assertThat(entry).contains("\n**Why:** ", "\n**What to do:** ", "\n```java\n");
        Matcher quote = Pattern.compile("(?m)^> (.*)$").matcher(entry);
        assertThat(quote.find()).as("a quoted message in %s", entry).isTrue();
        assertThat(Files.readString(Path.of("src/test/resources/bad", code.name() + ".java")))
                .contains(code.tag() + " " + quote.group(1) + "\n");
    }
}
