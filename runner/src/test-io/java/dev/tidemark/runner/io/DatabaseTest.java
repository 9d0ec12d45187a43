package dev.tidemark.runner.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Beam's JDBC connector, on a database within this JVM. */
@Timeout(120)
class DatabaseTest {
    private static final List<Integer> NUMBERS =
            IntStream.range(0, 2500).boxed().toList();

    private final String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

    private JdbcIO.DataSourceConfiguration database() {
        return JdbcIO.DataSourceConfiguration.create("org.h2.Driver", url);
    }

    static final class FirstColumn implements JdbcIO.RowMapper<Integer> {
        @Override
        public Integer mapRow(ResultSet row) throws SQLException {
            return row.getInt(1);
        }
    }

    private int count() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(DISTINCT n) FROM numbers")) {
            result.next();
            return result.getInt(1);
        }
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.runner.io.Ways#PARALLELISM")
    void rowsThatWereWrittenAreReadWholeAtOnceAndInPartitions(int parallelism) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)");
        }
        Pipeline writes = Ways.pipeline(parallelism);
        writes.apply(Create.of(NUMBERS))
                .apply(JdbcIO.<Integer>write()
                        .withDataSourceConfiguration(database())
                        .withStatement("INSERT INTO numbers VALUES (?)")
                        .withPreparedStatementSetter((number, statement) -> statement.setInt(1, number)));
        writes.run();

        assertThat(count()).isEqualTo(NUMBERS.size());
        Pipeline reads = Ways.pipeline(parallelism);
        PAssert.that(reads.apply(
                        "at once",
                        JdbcIO.<Integer>read()
                                .withDataSourceConfiguration(database())
                                .withQuery("SELECT n FROM numbers")
                                .withRowMapper(new FirstColumn())))
                .containsInAnyOrder(NUMBERS);
        PAssert.that(reads.apply(
                        "in partitions",
                        JdbcIO.<Integer>readWithPartitions()
                                .withDataSourceConfiguration(database())
                                .withTable("numbers")
                                .withPartitionColumn("n")
                                .withNumPartitions(4)
                                .withRowMapper(new FirstColumn())))
                .containsInAnyOrder(NUMBERS);
        reads.run();
    }
}
