package dev.tidemark.runner.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Beam SQL's own tests that run pipelines, on this runner: {@code ./mvnw -pl runner -Psql verify}; {@code conformance.pattern}
 * chooses a part.
 */
class SqlSuite {
    /** They have no tag. In classes of other names, no test runs a pipeline, or it needs a service. */
    private static final String CLASSES = "org\\.apache\\.beam\\.sdk\\.extensions\\.sql\\."
            + "(BeamSqlDsl\\w*Test|integrationtest\\.BeamSql\\w*Test|impl\\.rel\\.Beam\\w*Test|impl\\.udf\\.BeamSqlUdfExpressionTest"
            + "|BeamAnalyticFunctionsTest|BeamSqlCastTest|BeamComplexTypeTest|BeamSqlMapTest|BeamSqlNonAsciiTest"
            + "|InferredJavaBeanSqlTest|JsonToRowSqlTest|BeamSqlMultipleSchemasTest)";

    /** How many there are at least: a suite that runs fewer has lost some. */
    private static final int TESTS = 339;

    @Test
    void everyQueryGivesWhatBeamSqlExpects() throws IOException, InterruptedException {
        Choice asked = Choice.asked();
        List<Outcome> outcomes = new Suite(
                        "none()",
                        Mode.DEFAULT,
                        new Choice(CLASSES, asked.pattern(), "", 1),
                        Path.of("target", "conformance", "sql"))
                .run();
        long passed = outcomes.stream()
                .filter(outcome -> outcome.kind() == Outcome.Kind.PASSED)
                .count();
        System.out.printf("SQL: %d of %d passed%n", passed, outcomes.size());
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.kind()).isIn(Outcome.Kind.PASSED, Outcome.Kind.SKIPPED));
        if (asked.isWhole()) {
            assertThat(passed).isGreaterThanOrEqualTo(TESTS);
        }
    }
}
