package dev.tidemark.examples;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * The real recordings, which do not belong to the repository: {@code -Dtidemark.data.dir} says where they are. Where they are not, the tests
 * that need them are skipped, and say so.
 */
final class RealFiles {
    private static final AtomicInteger SKIPPED = new AtomicInteger();

    private RealFiles() {}

    static Path phone() {
        return file("phones_accelerometer.csv");
    }

    static Path watch() {
        return file("watch_accelerometer.csv");
    }

    private static Path file(String name) {
        Path directory = Path.of(
                Optional.ofNullable(System.getProperty("tidemark.data.dir")).orElse("../../shared/data/activity"));
        Path file = directory.resolve(name).toAbsolutePath().normalize();
        if (!Files.isReadable(file)) {
            System.err.println("SKIPPED (" + SKIPPED.incrementAndGet()
                    + " so far): a test on a real recording, because there is no " + file
                    + "; -Dtidemark.data.dir=DIRECTORY says where it is");
            Assumptions.abort("no " + file);
        }
        return file;
    }

    /** The readings of a recording, by other means than those of the examples. */
    static List<Reading> readings(Path file) throws IOException {
        List<Reading> readings = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 1; i < lines.size(); i++) {
            String[] columns = lines.get(i).split(",", -1);
            readings.add(new Reading(
                    i + 1,
                    new BigDecimal(columns[2])
                            .divide(BigDecimal.valueOf(1_000_000), 0, RoundingMode.FLOOR)
                            .longValueExact(),
                    Double.parseDouble(columns[3]),
                    Double.parseDouble(columns[4]),
                    Double.parseDouble(columns[5]),
                    columns[6],
                    columns[8],
                    columns[9]));
        }
        return readings;
    }
}
