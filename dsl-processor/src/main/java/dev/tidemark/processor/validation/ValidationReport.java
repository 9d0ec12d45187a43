package dev.tidemark.processor.validation;

import com.google.errorprone.annotations.FormatMethod;
import dev.tidemark.processor.declaration.Site;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.annotation.processing.Messager;
import javax.tools.Diagnostic;

/** What the checks found, in the order found. Immutable. */
public record ValidationReport(List<Finding> findings) {

    /** One diagnostic. */
    public record Finding(ErrorCode code, Site site, String message) {}

    /** Whether there is an error, not only warnings. */
    public boolean hasErrors() {
        return findings.stream().anyMatch(finding -> finding.code().kind() == Diagnostic.Kind.ERROR);
    }

    /** Prints the findings; warnings whose name is suppressed are left out. */
    public void print(Messager messager, Set<String> suppressed) {
        for (Finding finding : findings) {
            boolean warning = finding.code().kind() != Diagnostic.Kind.ERROR;
            if (!warning || !suppressed.contains("Tidemark/" + finding.code().name())) {
                finding.site()
                        .print(messager, finding.code().kind(), finding.code().tag() + " " + finding.message());
            }
        }
    }

    /** Collects findings. Not thread-safe. */
    public static final class Builder {
        /** What is in this package is named as in a source file. */
        private static final Pattern IN_JAVA_LANG = Pattern.compile("\\bjava\\.lang\\.(?=[A-Z])");

        private final Set<Finding> findings = new LinkedHashSet<>();

        /** Adds a finding; the same one again is not added twice. */
        @FormatMethod
        public void add(ErrorCode code, Site site, String format, Object... arguments) {
            String message = String.format(Locale.ROOT, format, arguments);
            findings.add(new Finding(code, site, IN_JAVA_LANG.matcher(message).replaceAll("")));
        }

        /** How many errors there are so far. */
        public int errors() {
            return (int) findings.stream()
                    .filter(finding -> finding.code().kind() == Diagnostic.Kind.ERROR)
                    .count();
        }

        /** The report. */
        public ValidationReport build() {
            return new ValidationReport(List.copyOf(new ArrayList<>(findings)));
        }
    }
}
