package dev.tidemark.runner.random;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a case means: all the outcomes that Beam's model allows, as far as drawing orders finds them. A wire on which every order
 * gives the same is determined; on another, whatever some order gives is right.
 */
final class Meaning {
    private static final int FIRST_ORDERS = 4;
    private static final int MOST_ORDERS = 2000;
    /** A wire with more outcomes than this may have more yet, so that one that was not seen is no mistake. */
    private static final int MOST_OUTCOMES = 4;

    private final Case of;
    private final Map<String, Set<List<String>>> seen = new HashMap<>();
    private int orders;

    /** @throws Reference.Undetermined if the model does not say what the case means */
    Meaning(Case of) {
        this.of = of;
        drawTo(FIRST_ORDERS);
    }

    private void drawTo(int count) {
        for (; orders < count; orders++) {
            Outcome outcome = Reference.outcome(of, orders);
            for (String wire : names()) {
                seen.computeIfAbsent(wire, name -> new HashSet<>()).add(outcome.on(wire));
            }
        }
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= of.nodes().size(); i++) {
            names.add("n" + i);
            names.add("n" + i + "b");
        }
        return names;
    }

    /** How many wires carry something in some order. */
    long wires() {
        return seen.values().stream().filter(Meaning::carriesSomething).count();
    }

    /** How many of them carry the same in all orders. */
    long determinedWires() {
        return seen.values().stream()
                .filter(Meaning::carriesSomething)
                .filter(outcomes -> outcomes.size() == 1)
                .count();
    }

    /** How many of them allow too much to be compared. */
    long openWires() {
        return seen.values().stream()
                .filter(outcomes -> outcomes.size() > MOST_OUTCOMES)
                .count();
    }

    private static boolean carriesSomething(Set<List<String>> outcomes) {
        return !outcomes.equals(Set.of(List.of()));
    }

    /** The wires on which the outcome is none that the model allows, with what is wrong with it; none if all is well. */
    SortedMap<String, String> wrong(Outcome outcome) {
        SortedMap<String, String> wrong = new TreeMap<>();
        if (!outcome.failure().isEmpty()) {
            wrong.put("the run", outcome.failure());
            return wrong;
        }
        for (String wire : names()) {
            for (int count = 16; !seen.get(wire).contains(outcome.on(wire)) && count <= MOST_ORDERS; count *= 5) {
                drawTo(count);
            }
            Set<List<String>> right = seen.get(wire);
            if (!right.contains(outcome.on(wire)) && right.size() <= MOST_OUTCOMES) {
                wrong.put(wire, difference(wire, outcome, right));
            }
        }
        return wrong;
    }

    private static String difference(String wire, Outcome outcome, Set<List<String>> right) {
        // Shown against the outcome that is nearest to it.
        String nearest = "";
        int fewest = Integer.MAX_VALUE;
        for (List<String> expected : right) {
            Outcome model = new Outcome(new TreeMap<>(Map.of(wire, expected)), "");
            List<String> missing = model.missingFrom(outcome.wires(), wire);
            List<String> unexpected = outcome.missingFrom(model.wires(), wire);
            if (missing.size() + unexpected.size() < fewest) {
                fewest = missing.size() + unexpected.size();
                nearest = "missing " + missing + ", unexpected " + unexpected + ", of " + expected;
            }
        }
        return nearest + (right.size() > 1 ? " (the nearest of " + right.size() + ")" : "");
    }
}
