package dev.tidemark.runner.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;

/** Compares what ways of running give with what cases mean, and makes a small counterexample of what differs. Thread-safe. */
final class Trial {
    private static final int MOST_TRIES = 400;
    private static final Way SECOND_OPINION = Way.running("--runner=DirectRunner");

    private final List<Way> ways;
    private final LongAdder undetermined = new LongAdder();
    private final LongAdder wires = new LongAdder();
    private final LongAdder determinedWires = new LongAdder();
    private final LongAdder openWires = new LongAdder();

    Trial(List<Way> ways) {
        this.ways = ways;
    }

    /** How many cases said nothing. */
    long undetermined() {
        return undetermined.sum();
    }

    /** How many wires carried something, or could. */
    long wires() {
        return wires.sum();
    }

    /** On how many wires the model allows one outcome only. */
    long determinedWires() {
        return determinedWires.sum();
    }

    /** How many wires were not compared, because too much is allowed on them. */
    long openWires() {
        return openWires.sum();
    }

    /** Tries the case of a seed. Returns what is wrong with it, at length, or nothing. */
    Optional<String> failure(long seed) {
        Case drawn = Draw.fromSeed(seed);
        Meaning meaning;
        try {
            meaning = new Meaning(drawn);
        } catch (Reference.Undetermined e) {
            undetermined.increment();
            return Optional.empty();
        }
        for (Way way : ways) {
            SortedMap<String, String> wrong = meaning.wrong(way.outcome(drawn, seed));
            if (!wrong.isEmpty()) {
                Case small = Shrink.shrink(drawn, candidate -> isWrong(candidate, way, seed), MOST_TRIES);
                return Optional.of(report(seed, wrong, small, way));
            }
        }
        wires.add(meaning.wires());
        determinedWires.add(meaning.determinedWires());
        openWires.add(meaning.openWires());
        return Optional.empty();
    }

    static boolean isWrong(Case candidate, Way way, long seed) {
        try {
            return !new Meaning(candidate).wrong(way.outcome(candidate, seed)).isEmpty();
        } catch (Reference.Undetermined e) {
            return false;
        }
    }

    private String report(long seed, SortedMap<String, String> wrongAtFirst, Case small, Way failed) {
        Meaning meaning = new Meaning(small);
        List<String> lines = new ArrayList<>();
        lines.add("the pipeline of seed " + seed + " gives on " + failed + " what Beam's model does not: "
                + wrongAtFirst);
        lines.add("Made small (if all are right with it, it is not wrong each time):");
        lines.add(small.toString());
        List<Way> opinions = new ArrayList<>(ways);
        opinions.add(SECOND_OPINION);
        for (Way way : opinions) {
            SortedMap<String, String> wrong = meaning.wrong(way.outcome(small, seed));
            lines.add(way + (wrong.isEmpty() ? ": right" : ": wrong"));
            wrong.forEach((wire, what) -> lines.add("    " + wire + ": " + what));
        }
        lines.add("Again: ./mvnw -pl runner -Dtest=RandomPipelinesTest -Drandom.cases=1 -Drandom.seed=" + seed
                + " verify");
        return String.join("\n", lines);
    }
}
