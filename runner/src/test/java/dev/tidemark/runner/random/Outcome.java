package dev.tidemark.runner.random;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came out of a pipeline: for each wire its elements as texts, sorted, so that two outcomes are equal when they have the
 * same elements as often.
 *
 * @param failure what went wrong instead, or nothing
 */
record Outcome(SortedMap<String, List<String>> wires, String failure) {
    /** Where the elements of a run are gathered. Thread-safe. */
    static final class Gathering {
        private final SortedMap<String, List<String>> wires = new TreeMap<>();

        synchronized void add(String wire, String element) {
            wires.computeIfAbsent(wire, name -> new ArrayList<>()).add(element);
        }

        synchronized Outcome outcome() {
            wires.values().forEach(Collections::sort);
            return new Outcome(wires, "");
        }
    }

    static Outcome failed(String why) {
        return new Outcome(new TreeMap<>(), why);
    }

    List<String> on(String wire) {
        return wires.getOrDefault(wire, List.of());
    }

    /** The form in which elements are compared, from wherever they come. */
    static String element(String key, Object value, long time, String window, String pane) {
        return key + "=" + value + "@" + time + " in " + window + " " + pane;
    }

    /** The form in which panes are compared. */
    static String pane(String timing, long index, long nonSpeculativeIndex, boolean first, boolean last) {
        return timing + " " + index + "/" + nonSpeculativeIndex + (first ? " first" : "") + (last ? " last" : "");
    }

    /** What {@code this} has on a wire and {@code other} has not. */
    List<String> missingFrom(Map<String, List<String>> other, String wire) {
        List<String> rest = new ArrayList<>(on(wire));
        other.getOrDefault(wire, List.of()).forEach(rest::remove);
        return rest;
    }
}
