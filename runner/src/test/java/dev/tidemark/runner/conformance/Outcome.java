package dev.tidemark.runner.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came of one test of Beam's.
 *
 * @param test its class and method, and its parameters where it has some
 * @param kind how it ended
 * @param validatesRunner whether the test is one of Beam's {@code ValidatesRunner}; true where nobody knows, because a class could not be
 *     loaded or its JVM ended
 * @param reason the first line of what it threw, or why it was skipped; empty for one that passed
 */
record Outcome(String test, Kind kind, long millis, boolean validatesRunner, String reason) {
    private static final String VALIDATES_RUNNER = "ValidatesRunner";

    enum Kind {
        PASSED,
        FAILED,
        /** The time limit was over. */
        HUNG,
        SKIPPED
    }

    String line() {
        return String.join(
                        "\t",
                        kind.name(),
                        Long.toString(millis),
                        test,
                        validatesRunner ? VALIDATES_RUNNER : "NeedsRunner",
                        reason)
                + "\n";
    }

    static Outcome parse(String line) {
        String[] columns = line.split("\t", 5);
        return new Outcome(
                columns[2],
                Kind.valueOf(columns[0]),
                Long.parseLong(columns[1]),
                columns[3].equals(VALIDATES_RUNNER),
                columns[4]);
    }

    /** Whether a test with these tags, by Beam's names for its categories, is one that validates runners. */
    static boolean validatesRunner(Set<String> tags) {
        return tags.stream().anyMatch(tag -> tag.endsWith("." + VALIDATES_RUNNER));
    }

    /** Whether it counts under a tag: a test that validates a runner also needs one. */
    boolean has(String tag) {
        return validatesRunner || !tag.equals(VALIDATES_RUNNER);
    }

    static List<Outcome> read(Path file) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        if (!Files.exists(file)) {
            return outcomes;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            outcomes.add(parse(line));
        }
        return outcomes;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %s (%,d ms) %s", kind, test, millis, reason);
    }
}
