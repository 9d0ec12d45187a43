package dev.tidemark.runner.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Beam's own conformance tests on this runner, in every mode: {@code ./mvnw -pl runner -Pconformance verify}. What is known not to
 * pass is in {@code conformance/known.tsv} with its reason; anything else that fails, fails the build, and so does a test of that
 * list that passes.
 *
 * <p>Properties: {@code conformance.modes}, {@code conformance.tags}, {@code conformance.pattern}, {@code conformance.about}
 * choose a part ({@link Choice}); {@code conformance.repeat}, {@code conformance.forks}, {@code conformance.limitSeconds}, {@code
 * conformance.seed} say how.
 */
class ConformanceSuite {
    private static final Path RESULTS = Path.of("target", "conformance");
    /** Before the reason of a test that does not pass every time: it may pass. */
    private static final String AT_TIMES = "at times: ";

    private static final Choice CHOICE = Choice.asked();
    private static final String PACKAGE = "org.apache.beam.sdk.testing.";

    /** A test that has the first also has the second. */
    private static final List<String> TAGS = List.of("ValidatesRunner", "NeedsRunner");

    private static final Set<String> ASKED = Set.of(
            System.getProperty("conformance.tags", String.join(",", TAGS)).split(",", -1));

    /** How many tests there are to run, without those that Beam skips: a suite that runs fewer has lost some. */
    private static final Map<String, Long> TESTS = Map.of("ValidatesRunner", 397L, "NeedsRunner", 946L);

    static Set<Mode> modes() {
        String asked = System.getProperty("conformance.modes", "");
        if (asked.isEmpty()) {
            return EnumSet.complementOf(EnumSet.of(Mode.CONTROL, Mode.RESTARTED));
        }
        return List.of(asked.split(",", -1)).stream()
                .map(Mode::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Mode.class)));
    }

    /** Test, and why it does not pass, in a mode or ("*") in any. */
    private static Map<String, String> known(Mode mode) throws IOException {
        Map<String, String> known = new LinkedHashMap<>();
        for (String[] columns : Suite.rows("known.tsv")) {
            if (columns[0].equals("*") || columns[0].equals(mode.name())) {
                known.put(columns[1], columns[2]);
            }
        }
        return known;
    }

    @ParameterizedTest
    @MethodSource("modes")
    void everyTestPassesThatIsNotKnownNotTo(Mode mode) throws IOException, InterruptedException {
        Map<String, String> known = known(mode);
        // Every tag is looked at before the first failure is told: a run takes its time.
        SoftAssertions claims = new SoftAssertions();
        assertThat(TAGS).as("tags that can be asked for").containsAll(ASKED);
        List<String> tags = TAGS.stream().filter(ASKED::contains).toList();
        // Every test that has one of the other tags has the last one.
        String widest = tags.get(tags.size() - 1);
        List<Outcome> all = new Suite(PACKAGE + widest, mode, CHOICE, CHOICE.in(RESULTS.resolve(widest))).run();
        for (String tag : tags) {
            List<Outcome> outcomes =
                    all.stream().filter(outcome -> outcome.has(tag)).toList();
            System.out.printf(
                    "%s, %s: %d passed, %d failed, %d hung, %d skipped%n",
                    tag,
                    mode,
                    count(outcomes, Outcome.Kind.PASSED),
                    count(outcomes, Outcome.Kind.FAILED),
                    count(outcomes, Outcome.Kind.HUNG),
                    count(outcomes, Outcome.Kind.SKIPPED));
            Set<String> unexpected = new TreeSet<>();
            Set<String> better = new TreeSet<>();
            for (Outcome outcome : outcomes) {
                boolean fails = outcome.kind() == Outcome.Kind.FAILED || outcome.kind() == Outcome.Kind.HUNG;
                if (fails && !known.containsKey(outcome.test())) {
                    unexpected.add(outcome.toString());
                } else if (!fails
                        && known.containsKey(outcome.test())
                        && !known.get(outcome.test()).startsWith(AT_TIMES)) {
                    better.add(outcome.test());
                }
            }
            claims.assertThat(unexpected)
                    .as("tests that fail, %s, %s", tag, mode)
                    .isEmpty();
            claims.assertThat(better)
                    .as("tests that pass although they are known not to, %s, %s", tag, mode)
                    .isEmpty();
            if (CHOICE.isWhole()) {
                claims.assertThat(outcomes.size() - count(outcomes, Outcome.Kind.SKIPPED))
                        .as("number of tests run, %s, %s", tag, mode)
                        .isEqualTo(TESTS.get(tag));
            }
        }
        claims.assertAll();
    }

    /** Rewrites the page where asked to, from what this run and those before it have left; only whole runs of a mode count. */
    @AfterAll
    static void writeCapabilities() throws IOException {
        if (!Boolean.getBoolean("capabilities.update")) {
            return;
        }
        Map<Mode, Map<String, List<Outcome>>> results = new EnumMap<>(Mode.class);
        for (Mode mode : EnumSet.complementOf(EnumSet.of(Mode.CONTROL, Mode.RESTARTED))) {
            for (String run : TAGS) {
                for (String tag : TAGS) {
                    List<Outcome> outcomes = Suite.left(mode, RESULTS.resolve(run)).stream()
                            .filter(outcome -> outcome.has(tag))
                            .toList();
                    if (outcomes.size() - count(outcomes, Outcome.Kind.SKIPPED) == TESTS.get(tag)) {
                        results.computeIfAbsent(mode, none -> new LinkedHashMap<>())
                                .put(tag, outcomes);
                    }
                }
            }
        }
        Files.writeString(CapabilitiesPage.FILE, CapabilitiesPage.of(results), StandardCharsets.UTF_8);
    }

    /**
     * The control: on a runner that executes nothing, whatever asserts something must fail. What passes there asserts nothing that a
     * runner does, and is held by name.
     */
    @Test
    void onARunnerThatExecutesNothingOnlyTestsPassThatAssertNothing() throws IOException, InterruptedException {
        if (!modes().contains(Mode.DEFAULT) || CHOICE.repeat() > 1) {
            return;
        }
        List<Outcome> outcomes =
                new Suite(PACKAGE + "ValidatesRunner", Mode.CONTROL, CHOICE, RESULTS.resolve("control")).run();
        Set<String> expected = new TreeSet<>();
        for (String[] columns : Suite.rows("empty.tsv")) {
            expected.add(columns[0]);
        }
        if (!CHOICE.isWhole()) {
            expected.retainAll(outcomes.stream().map(Outcome::test).toList());
        }
        Set<String> passed = new TreeSet<>();
        for (Outcome outcome : outcomes) {
            if (outcome.kind() == Outcome.Kind.PASSED) {
                passed.add(outcome.test());
            }
        }
        System.out.printf("ValidatesRunner, CONTROL: %d of %d pass on nothing%n", passed.size(), outcomes.size());
        assertThat(passed).as("tests that pass although nothing runs").isEqualTo(expected);
    }

    /** Beam's test of DoFns that require stable input has no tag, and needs a job that goes on after a failure. */
    @Test
    void aDoFnThatRequiresStableInputGetsTheSameAfterAFailure() throws IOException, InterruptedException {
        if (!modes().contains(Mode.DEFAULT) || CHOICE.repeat() > 1) {
            return;
        }
        Choice stableInput = new Choice(".*RequiresStableInputIT", "", "", 1);
        List<Outcome> outcomes =
                new Suite("none()", Mode.RESTARTED, stableInput, RESULTS.resolve("stable-input")).run();
        assertThat(outcomes)
                .hasSize(1)
                .allSatisfy(outcome -> assertThat(outcome.kind()).isEqualTo(Outcome.Kind.PASSED));
    }

    private static long count(List<Outcome> outcomes, Outcome.Kind kind) {
        return outcomes.stream().filter(outcome -> outcome.kind() == kind).count();
    }
}
