package dev.tidemark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.beam.sdk.extensions.sql.SqlTransform;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a group emits is a table to Beam SQL, on the runner here and on Beam's own. */
final class SessionsInSqlTest {
    private static final String TIDEMARK = "--runner=TidemarkRunner";
    private static final String DIRECT = "--runner=DirectRunner";

    /** Sessions in SQL, as lines of comma-separated values. */
    private record InSql(String query, Function<PCollection<UserSessions.Closed>, PCollection<Row>> table)
            implements Example {
        @Override
        public PCollection<String> lines(PCollection<Reading> readings) {
            UserSessionsGroup.Result sessions =
                    UserSessionsExample.events(readings).apply("Sessions", UserSessionsGroup.create());
            return table.apply(sessions.closed())
                    .apply("Query", SqlTransform.query(query))
                    .apply("Line", MapElements.into(TypeDescriptors.strings()).via(InSql::line));
        }

        private static String line(Row row) {
            return row.getValues().stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    private static PCollection<Row> asRows(PCollection<UserSessions.Closed> sessions) {
        return sessions.apply("AsRows", UserSessionsGroup.closedRows().toRows());
    }

    private static List<String> lines(String runner, boolean streaming, String query, Recorded input) {
        return new OnRunner(runner, runner, "--streaming=" + streaming)
                .lines(new InSql(query, SessionsInSqlTest::asRows), input.input());
    }

    /** The user and the average of each session. */
    private static List<String[]> expected(Recorded input) {
        return Oracle.sessions(input.readings()).stream()
                .map(line -> line.split("\t", -1))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {TIDEMARK, DIRECT})
    void sessionsAreCountedPerUser(String runner) throws IOException {
        Recorded input = Recorded.generated(12_000, 30, 4);
        Map<String, Long> counts =
                expected(input).stream().collect(Collectors.groupingBy(session -> session[0], Collectors.counting()));
        assertThat(lines(
                        runner,
                        false,
                        "SELECT uid, COUNT(*) AS sessions FROM PCOLLECTION GROUP BY uid HAVING COUNT(*) > 2",
                        input))
                .containsExactlyInAnyOrderElementsOf(counts.entrySet().stream()
                        .filter(count -> count.getValue() > 2)
                        .map(count -> count.getKey() + "," + count.getValue())
                        .toList())
                .hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sessionsAreChosenByWhatTheyHoldAsAStreamToo(boolean streaming) throws IOException {
        Recorded input = Recorded.generated(12_000, 30, 4);
        assertThat(lines(
                        TIDEMARK,
                        streaming,
                        "SELECT uid, CARDINALITY(activities) AS kinds FROM PCOLLECTION WHERE xAvg > 0",
                        input))
                .containsExactlyInAnyOrderElementsOf(expected(input).stream()
                        .filter(session -> Double.parseDouble(session[2]) > 0)
                        .map(session -> String.format(Locale.ROOT, "%s,%d", session[0], session[1].split(",", -1).length))
                        .toList())
                .hasSizeGreaterThan(5);
    }
}
