package dev.tidemark.runner.plan;

import java.util.List;
import java.util.Set;

/**
 * In what form a step keeps what outlives the process: its coders, states and windows, each in words. The same words in a checkpoint
 * mean that what is there can be read.
 */
public record StepFormat(List<Aspect> aspects) {
    /** The form of a step that keeps nothing that depends on the pipeline. */
    public static final StepFormat NONE = new StepFormat(List.of());

    /** What the names of states begin with. */
    public static final String STATE = "state ";

    /** What the names of timers begin with. */
    public static final String TIMER = "timer ";

    /** What the names of layouts begin with: what coders say of the records that they write. */
    public static final String LAYOUT = "layout ";

    /** The coder of keys. */
    public static final String KEY = "key";

    /** The coder of windows. */
    public static final String WINDOW = "window";

    /**
     * One aspect.
     *
     * @param name what it is of, such as {@code key} or {@code state count}; without a tab or a line break
     * @param form what it is, without a line break
     * @param rows the kinds of rows that are written in it
     */
    public record Aspect(String name, String form, Set<RowKind> rows) {
        public Aspect {
            name = OneLine.of(name);
            form = OneLine.of(form);
            rows = Set.copyOf(rows);
        }
    }

    public StepFormat {
        aspects = List.copyOf(aspects);
    }
}
