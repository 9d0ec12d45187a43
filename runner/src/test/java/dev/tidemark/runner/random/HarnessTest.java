package dev.tidemark.runner.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.runner.random.Case.Act;
import dev.tidemark.runner.random.Case.Arm;
import dev.tidemark.runner.random.Case.ArmRelative;
import dev.tidemark.runner.random.Case.Change;
import dev.tidemark.runner.random.Case.Clock;
import dev.tidemark.runner.random.Case.Disarm;
import dev.tidemark.runner.random.Case.Event;
import dev.tidemark.runner.random.Case.Filter;
import dev.tidemark.runner.random.Case.Flatten;
import dev.tidemark.runner.random.Case.Forget;
import dev.tidemark.runner.random.Case.Group;
import dev.tidemark.runner.random.Case.Lookup;
import dev.tidemark.runner.random.Case.Node;
import dev.tidemark.runner.random.Case.Reshuffle;
import dev.tidemark.runner.random.Case.Split;
import dev.tidemark.runner.random.Case.Stateful;
import dev.tidemark.runner.random.Case.Sum;
import dev.tidemark.runner.random.Case.Watermark;
import dev.tidemark.runner.random.Case.When;
import dev.tidemark.runner.random.Case.Windowing;
import dev.tidemark.runner.random.Case.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The random trials can fail: what is wrong with a runner shows. */
@Timeout(120)
@Tag("any-jdk")
class HarnessTest {
    private static final Way GOOD =
            Way.running("--runner=TestTidemarkRunner", "--tidemarkParallelism=2", "--tidemarkSeed=SEED");

    /** Mistakes that a runner could make, as what it would understand instead of the case. */
    @SuppressWarnings("ImmutableEnumChecker") // its functions have no state
    private enum Mistake {
        RINGS_TIMERS_TOO_LATE(node -> onActs(
                node,
                act -> act instanceof Arm arm
                        ? new Arm(arm.alarm(), arm.fromEnd(), arm.offset() + 1, arm.held())
                        : act)),
        DOES_NOT_CLEAR_TIMERS(node -> onActs(
                node, act -> act instanceof Disarm ? new When(Integer.MAX_VALUE, new Forget(Case.Cell.SET)) : act)),
        DOES_NOT_HOLD_FOR_TIMERS(node -> onActs(
                node, act -> act instanceof Arm arm ? new Arm(arm.alarm(), arm.fromEnd(), arm.offset(), false) : act)),
        DOES_NOT_CLEAR_STATE(node -> onActs(
                node, act -> act instanceof Forget ? new When(Integer.MAX_VALUE, new Disarm(Case.Alarm.WALL)) : act)),
        RINGS_THE_WALL_CLOCK_EARLY(node -> onActs(
                node, act -> act instanceof ArmRelative arm ? new ArmRelative(arm.alarm(), arm.offset() - 1) : act)),
        NEVER_TELLS_OF_EXPIRY(node -> node instanceof Stateful of
                ? new Stateful(
                        of.in(), of.stateOnly(), of.onElement(), of.onFirst(), of.onSecond(), of.onWall(), List.of())
                : node),
        DISCARDS_WHAT_ACCUMULATES(node -> onWindowing(
                node,
                of -> new Windowing(
                        of.shape(),
                        of.size(),
                        of.period(),
                        of.trigger(),
                        of.lateness(),
                        false,
                        of.alwaysCloses(),
                        false))),
        FORGETS_THE_LATENESS(node -> onWindowing(
                node,
                of -> new Windowing(
                        of.shape(),
                        of.size(),
                        of.period(),
                        of.trigger(),
                        0,
                        of.accumulating(),
                        of.alwaysCloses(),
                        false))),
        FIRES_AT_THE_END_ONLY(node -> onWindowing(
                node,
                of -> new Windowing(
                        of.shape(),
                        of.size(),
                        of.period(),
                        new Case.Default(),
                        of.lateness(),
                        of.accumulating(),
                        of.alwaysCloses(),
                        false))),
        CLOSES_WITHOUT_A_PANE(node -> onWindowing(
                node,
                of -> new Windowing(
                        of.shape(),
                        of.size(),
                        of.period(),
                        of.trigger(),
                        of.lateness(),
                        of.accumulating(),
                        false,
                        false))),
        MERGES_SESSIONS_TOO_EAGERLY(node -> onWindowing(
                node,
                of -> new Windowing(
                        of.shape(),
                        of.shape() == Case.Shape.SESSIONS ? of.size() + 1 : of.size(),
                        of.period(),
                        of.trigger(),
                        of.lateness(),
                        of.accumulating(),
                        of.alwaysCloses(),
                        false))),
        LOSES_AN_INPUT_OF_A_FLATTEN(node -> node instanceof Flatten flatten
                        && flatten.inputs().size() > 1
                ? new Flatten(flatten.inputs().subList(1, flatten.inputs().size()))
                : node),
        LOOKS_INTO_ANOTHER_SIDE_INPUT(
                node -> node instanceof Lookup lookup ? new Case.Constants(lookup.in(), lookup.view()) : node),
        EMITS_TWICE_TO_THE_SECOND_OUTPUT(
                node -> node instanceof Split split ? new Split(split.in(), split.copies() + 1) : node);

        private final UnaryOperator<Node> slip;

        Mistake(UnaryOperator<Node> slip) {
            this.slip = slip;
        }

        Outcome outcome(Case asked, long seed) {
            return Reference.outcome(new Case(asked.nodes().stream().map(slip).toList(), asked.events()), seed);
        }

        private static Node onWindowing(Node node, UnaryOperator<Windowing> change) {
            return node instanceof Windows windows
                    ? new Windows(windows.in(), change.apply(windows.windowing()))
                    : node;
        }

        private static Node onActs(Node node, UnaryOperator<Act> change) {
            return node instanceof Stateful of
                    ? new Stateful(
                            of.in(),
                            of.stateOnly(),
                            onActs(of.onElement(), change),
                            onActs(of.onFirst(), change),
                            onActs(of.onSecond(), change),
                            onActs(of.onWall(), change),
                            of.onExpiry())
                    : node;
        }

        private static List<Act> onActs(List<Act> acts, UnaryOperator<Act> change) {
            return acts.stream()
                    .map(act -> act instanceof When when
                            ? new When(when.divisor(), change.apply(when.act()))
                            : change.apply(act))
                    .toList();
        }
    }

    private static Optional<Long> firstSeedThatShows(Way way, int seeds) {
        return LongStream.range(1, 1 + seeds)
                .boxed()
                .filter(seed -> Trial.isWrong(Draw.fromSeed(seed), way, seed))
                .findFirst();
    }

    @ParameterizedTest
    @EnumSource
    void everyMistakeShowsOnSomeSeed(Mistake mistake) {
        assertThat(firstSeedThatShows(mistake::outcome, 1000)).isPresent();
    }

    @Test
    void theInterpreterAgreesWithItselfWhateverItsOrders() {
        assertThat(firstSeedThatShows((asked, seed) -> Reference.outcome(asked, 1_000_000 + seed), 200))
                .isEmpty();
    }

    @Test
    void aClockOrAWatermarkThatIsOffByOneShows() {
        assertThat(firstSeedThatShows((asked, seed) -> Reference.outcome(later(asked, 1, 0), seed), 1000))
                .isPresent();
        assertThat(firstSeedThatShows((asked, seed) -> Reference.outcome(later(asked, 0, 1), seed), 1000))
                .isPresent();
    }

    private static Case later(Case asked, long watermark, long clock) {
        List<Event> events = new ArrayList<>();
        for (Event event : asked.events()) {
            if (event instanceof Watermark rise) {
                events.add(new Watermark(rise.time() + watermark));
            } else if (event instanceof Clock advance) {
                events.add(new Clock(advance.advance() + clock));
            } else {
                events.add(event);
            }
        }
        return new Case(asked.nodes(), events);
    }

    @Test
    void aRunnerThatLosesOneElementIsFoundAtOnce() {
        assertThat(firstSeedThatShows(spoilt(GOOD, elements -> elements.subList(1, elements.size())), 3))
                .isPresent();
    }

    @Test
    void aRunnerThatRepeatsOneElementIsFoundAtOnce() {
        assertThat(firstSeedThatShows(
                        spoilt(GOOD, elements -> {
                            List<String> more = new ArrayList<>(elements);
                            more.add(0, elements.get(0));
                            return more;
                        }),
                        3))
                .isPresent();
    }

    @Test
    void aRunnerThatFailsOrDoesNotEndIsFoundAtOnce() {
        assertThat(firstSeedThatShows((asked, seed) -> Outcome.failed("it did not end"), 3))
                .isPresent();
    }

    /** Does what the good way does, but for the elements of the last wire that has some. */
    private static Way spoilt(Way good, UnaryOperator<List<String>> spoil) {
        return (asked, seed) -> {
            Outcome outcome = good.outcome(asked, seed);
            SortedMap<String, List<String>> wires = new TreeMap<>(outcome.wires());
            if (!wires.isEmpty()) {
                wires.compute(wires.lastKey(), (wire, elements) -> spoil.apply(elements));
            }
            return new Outcome(wires, outcome.failure());
        };
    }

    @Test
    void aCounterexampleIsMadeSmall() {
        Way way = Mistake.DOES_NOT_CLEAR_TIMERS::outcome;
        long seed = firstSeedThatShows(way, 1000).orElseThrow();
        Case small = Shrink.shrink(Draw.fromSeed(seed), candidate -> Trial.isWrong(candidate, way, seed), 1000);

        assertThat(Trial.isWrong(small, way, seed)).isTrue();
        assertThat(small.nodes()).as("nodes of %n%s", small).hasSizeLessThanOrEqualTo(2);
        assertThat(small.events()).as("events of %n%s", small).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void whatIsShrunkIsValidAndSimpler() {
        for (long seed = 1; seed <= 30; seed++) {
            Case drawn = Draw.fromSeed(seed);
            assertThat(Shrink.candidates(drawn)).allMatch(Case::isValid).doesNotContain(drawn);
        }
    }

    @Test
    void theSameSeedDrawsTheSameCaseAndHundredSeedsDrawEveryKindOfTransform() {
        List<Class<?>> kinds = new ArrayList<>();
        for (long seed = 1; seed <= 100; seed++) {
            Case drawn = Draw.fromSeed(seed);
            assertThat(Draw.fromSeed(seed)).isEqualTo(drawn);
            drawn.nodes().forEach(node -> kinds.add(node.getClass()));
        }
        assertThat(kinds)
                .contains(
                        Change.class,
                        Filter.class,
                        Split.class,
                        Flatten.class,
                        Reshuffle.class,
                        Windows.class,
                        Group.class,
                        Sum.class,
                        Lookup.class,
                        Case.Constants.class,
                        Stateful.class);
    }
}
