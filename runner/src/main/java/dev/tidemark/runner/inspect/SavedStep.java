package dev.tidemark.runner.inspect;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A step that has left something.
 *
 * @param form its coders, states and windows, in words
 * @param volumes how much there is, by kinds of rows, in words
 */
public record SavedStep(String name, SortedMap<String, String> form, SortedMap<String, Volume> volumes) {
    public SavedStep {
        form = Collections.unmodifiableSortedMap(new TreeMap<>(form));
        volumes = Collections.unmodifiableSortedMap(new TreeMap<>(volumes));
    }

    /** So many rows, and how much they take, their names included. */
    public record Volume(long rows, long bytes) {
        Volume plus(int more) {
            return new Volume(rows + 1, bytes + more);
        }
    }
}
