package dev.tidemark.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An input together with its readings, obtained without the reading code of the examples where the input is a file.
 *
 * @param input what the pipeline reads
 * @param readings what is in it, in the order of arrival
 */
record Recorded(ActivityInput input, List<Reading> readings) {
    static Recorded phone() throws IOException {
        return recording(RealFiles.phone());
    }

    static Recorded watch() throws IOException {
        return recording(RealFiles.watch());
    }

    private static Recorded recording(Path file) throws IOException {
        return new Recorded(ActivityFile.at(file.toString(), EventTimeColumn.CREATION), RealFiles.readings(file));
    }

    /** Generated readings, out of order and with malformed rows. */
    static Recorded generated(long readings, int users, long seed) throws IOException {
        return of(GeneratedActivity.of(readings, users, seed));
    }

    /** Generated readings, each user's in the order of event time. */
    static Recorded inOrder(long readings, int users, long seed) throws IOException {
        return of(GeneratedActivity.of(readings, users, seed).inOrder());
    }

    private static Recorded of(GeneratedActivity input) throws IOException {
        System.err.println("generated readings: " + input);
        return new Recorded(input, Feeds.readings(input));
    }
}
