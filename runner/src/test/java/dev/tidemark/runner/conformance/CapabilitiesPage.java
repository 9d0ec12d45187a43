package dev.tidemark.runner.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The page that states, in the rows of Beam's capability matrix, what of Beam's own suite passes. Made of results alone. */
final class CapabilitiesPage {
    static final Path FILE = Path.of("..", "docs", "capabilities.md");

    private CapabilitiesPage() {}

    /** @param results of every mode and tag that ran whole */
    static String of(Map<Mode, Map<String, List<Outcome>>> results) throws IOException {
        StringBuilder page = new StringBuilder("""
                # Capabilities

                What of Beam's own conformance suite passes, in the rows of Beam's capability matrix. Made from results, by
                `./mvnw -pl runner -Pconformance verify -Dcapabilities.update=true`. A row counts the tests whose names its pattern in
                `runner/src/test/conformance/capabilities.tsv` finds, in every mode that is listed; a test may count in several rows.

                | mode | options | tests | passed | failed | skipped by Beam |
                |---|---|---|--:|--:|--:|
                """);
        results.forEach((mode, byTag) -> byTag.forEach((tag, outcomes) -> page.append(String.format(
                Locale.ROOT,
                "| %s | `%s` | `%s` | %d | %d | %d |%n",
                mode.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                mode.words(),
                tag,
                count(outcomes, Outcome.Kind.PASSED),
                count(outcomes, Outcome.Kind.FAILED) + count(outcomes, Outcome.Kind.HUNG),
                count(outcomes, Outcome.Kind.SKIPPED)))));
        List<Outcome> all = new ArrayList<>();
        results.values().forEach(byTag -> all.addAll(distinct(byTag.values())));
        String question = "";
        for (String[] row : Suite.rows("capabilities.tsv")) {
            if (!row[0].equals(question)) {
                question = row[0];
                page.append("\n## ").append(question).append("\n\n| | passed | |\n|---|--:|---|\n");
            }
            Pattern pattern = Pattern.compile(row[2]);
            List<Outcome> found = all.stream()
                    .filter(outcome -> outcome.kind() != Outcome.Kind.SKIPPED
                            && pattern.matcher(outcome.test()).find())
                    .toList();
            page.append(String.format(
                    Locale.ROOT,
                    "| %s | %d of %d | %s |%n",
                    row[1],
                    count(found, Outcome.Kind.PASSED),
                    found.size(),
                    row[3]));
        }
        page.append("\n## Not run, or not passed\n\n");
        page.append(
                "Beam's categories `UsesSdkHarnessEnvironment` and `UsesExternalService` need another process or service.\n\n");
        page.append("| | why |\n|---|---|\n");
        Suite.excluded()
                .forEach((name, why) -> page.append("| `")
                        .append(name.substring(name.lastIndexOf('.') + 1))
                        .append("` | ")
                        .append(why)
                        .append(" |\n"));
        for (String[] known : Suite.rows("known.tsv")) {
            page.append("| `")
                    .append(known[1])
                    .append("`, ")
                    .append(
                            known[0].equals("*")
                                    ? "every mode"
                                    : known[0].toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(" | ")
                    .append(known[2])
                    .append(" |\n");
        }
        return page.toString();
    }

    /** A test may have both tags; then it has run twice, and the worse counts. */
    private static List<Outcome> distinct(Collection<List<Outcome>> all) {
        Map<String, Outcome> byTest = new TreeMap<>();
        for (List<Outcome> outcomes : all) {
            for (Outcome outcome : outcomes) {
                byTest.merge(outcome.test(), outcome, (a, b) -> a.kind() == Outcome.Kind.PASSED ? b : a);
            }
        }
        return List.copyOf(byTest.values());
    }

    private static long count(List<Outcome> outcomes, Outcome.Kind kind) {
        return outcomes.stream().filter(outcome -> outcome.kind() == kind).count();
    }
}
