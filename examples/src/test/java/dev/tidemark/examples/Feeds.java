package dev.tidemark.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads whole inputs into lists. */
final class Feeds {
    private Feeds() {}

    static List<Row> rows(ActivityInput input) throws IOException {
        return rows(input, input.start());
    }

    static List<Row> rows(ActivityInput input, Position from) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (RowFeed feed = input.open(from)) {
            while (feed.advance()) {
                rows.add(feed.row());
            }
        }
        return rows;
    }

    /** In an order that does not depend on splits. */
    static List<Row> byLine(List<Row> rows) {
        return rows.stream().sorted(Comparator.comparingLong(Row::line)).toList();
    }

    static List<Reading> readings(ActivityInput input) throws IOException {
        return rows(input).stream()
                .filter(Reading.class::isInstance)
                .map(Reading.class::cast)
                .toList();
    }
}
