package dev.tidemark.runner.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came of one test of Beam's.
 *
 * @param test its class and method, and its parameters where it has some
 * @param kind how it ended
 * @param reason the first line of what it threw, or why it was skipped; empty for one that passed
 */
record Outcome(String test, Kind kind, long millis, String reason) {
    enum Kind {
        PASSED,
        FAILED,
        /** The time limit was over. */
        HUNG,
        SKIPPED
    }

    String line() {
        return String.join("\t", kind.name(), Long.toString(millis), test, reason) + "\n";
    }

    static Outcome parse(String line) {
        String[] columns = line.split("\t", 4);
        return new Outcome(columns[2], Kind.valueOf(columns[0]), Long.parseLong(columns[1]), columns[3]);
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
