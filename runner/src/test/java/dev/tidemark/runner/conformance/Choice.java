package dev.tidemark.runner.conformance;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Which tests of a tag to run, and how often: what fails only at times shows itself when it is repeated.
 *
 * @param classes what the name of a test's class, with its package, must match
 * @param pattern what the names of the tests must contain a match of
 * @param about tags, separated by commas, of which a test must have one; empty where any test will do
 * @param repeat how often each is run: all of them once before any is run again
 */
record Choice(String classes, String pattern, String about, int repeat) {
    static final String ANY_CLASS = ".*";

    /** What the properties {@code conformance.pattern}, {@code conformance.about} and {@code conformance.repeat} ask for. */
    static Choice asked() {
        String categories = System.getProperty("conformance.about", "");
        return new Choice(
                ANY_CLASS,
                System.getProperty("conformance.pattern", ""),
                categories.isEmpty()
                        ? ""
                        : Arrays.stream(categories.split(",", -1))
                                .map(category -> "org.apache.beam.sdk.testing." + category)
                                .collect(Collectors.joining(",")),
                Integer.getInteger("conformance.repeat", 1));
    }

    /** Whether it is all tests, once: what the number of tests and the capabilities are told by. */
    boolean isWhole() {
        return classes.equals(ANY_CLASS) && pattern.isEmpty() && about.isEmpty() && repeat == 1;
    }

    /** Where in a directory the results go: those of a part do not replace those of the whole. */
    Path in(Path directory) {
        return isWhole() ? directory : directory.resolve("part");
    }
}
