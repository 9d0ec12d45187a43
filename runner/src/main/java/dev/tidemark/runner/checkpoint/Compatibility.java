package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.StepFormat;
import dev.tidemark.runner.store.Store;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a pipeline has a place for everything that a checkpoint holds, and can read it. */
public final class Compatibility {
    private Compatibility() {}

    /**
     * What nobody asks for: steps that are not in the pipeline any more, or have another name, and states and timers that their step has
     * no more. Timers only where any are pending.
     *
     * @param numbers asked for the number of each step that the pipeline has
     * @param formats in what form the steps of the pipeline write, by their names
     */
    public static List<String> leftBehind(Store store, StepNumbers numbers, Map<String, StepFormat> formats) {
        List<String> left = new ArrayList<>();
        numbers.unclaimed().forEach((step, number) -> {
            if (rowsOf(store, number).stream().anyMatch(kind -> !kind.isBookkeeping())) {
                left.add(step);
            }
        });
        formats.forEach((step, format) -> numbers.formatOf(step).keySet().stream()
                .filter(name -> format.aspects().stream()
                        .noneMatch(aspect -> aspect.name().equals(name)))
                // What is written is looked for last, and only for what is missing: a state may be large.
                .filter(name -> name.startsWith(StepFormat.STATE)
                        || (name.startsWith(StepFormat.TIMER)
                                && rowsOf(store, numbers.of(step)).contains(RowKind.TIMER)))
                .forEach(name -> left.add(step + ", " + name)));
        left.sort(null);
        return left;
    }

    /**
     * What the pipeline would read in another form than it was written: sentences with the step, the aspect, old and new. An aspect in
     * which nothing is written may change.
     */
    public static List<String> unreadable(Store store, StepNumbers numbers, Map<String, StepFormat> formats) {
        List<String> found = new ArrayList<>();
        formats.forEach((step, format) -> {
            Map<String, String> old = numbers.formatOf(step);
            List<StepFormat.Aspect> changed = format.aspects().stream()
                    .filter(aspect ->
                            old.containsKey(aspect.name()) && !aspect.form().equals(old.get(aspect.name())))
                    .toList();
            if (!changed.isEmpty()) {
                Set<RowKind> rows = rowsOf(store, numbers.of(step));
                for (StepFormat.Aspect aspect : changed) {
                    if (aspect.rows().stream().anyMatch(rows::contains)) {
                        found.add(step + ": its " + aspect.name() + " was " + old.get(aspect.name()) + " and is "
                                + aspect.form());
                    }
                }
            }
        });
        found.sort(null);
        return found;
    }

    private static Set<RowKind> rowsOf(Store store, int number) {
        Set<RowKind> found = EnumSet.noneOf(RowKind.class);
        for (RowKind kind : RowKind.values()) {
            boolean[] some = new boolean[1];
            store.scan(
                    prefix(number, kind.number()), prefix(number, kind.number() + 1), (key, value) -> some[0] = true);
            if (some[0]) {
                found.add(kind);
            }
        }
        return found;
    }

    private static byte[] prefix(int number, int kind) {
        return ByteBuffer.allocate(Integer.BYTES + 1)
                .putInt(number)
                .put((byte) kind)
                .array();
    }
}
