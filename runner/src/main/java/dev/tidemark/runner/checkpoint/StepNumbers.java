package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.plan.RowKind;
import dev.tidemark.runner.plan.StepFormat;
import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The number under which each step's rows are kept, and in what form they were written. A name has the same number for as long as
 * the store lives, whatever becomes of the pipeline. Owned by the thread that wires a job.
 *
 * <p>Its own rows: four zero bytes and a name; so the numbers of steps begin with one. Their values: the number, and the form, in lines of a
 * name, a tab, and words.
 */
public final class StepNumbers {
    private static final byte[] FIRST = {0, 0, 0, 0};
    private static final byte[] END = {0, 0, 0, 1};

    private final Map<String, Integer> numbers = new HashMap<>();
    /** As they were found; names of aspects and their words. */
    private final Map<String, SortedMap<String, String>> formats = new HashMap<>();

    private final Set<String> claimed = new HashSet<>();
    private final Changes unwritten = new Changes();
    private int highest;

    /** Reads what the store has. */
    public StepNumbers(Store store) {
        store.scan(FIRST, END, (key, value) -> {
            int number = ByteBuffer.wrap(value).getInt();
            String name = new String(key, FIRST.length, key.length - FIRST.length, StandardCharsets.UTF_8);
            numbers.put(name, number);
            formats.put(
                    name, read(new String(value, Integer.BYTES, value.length - Integer.BYTES, StandardCharsets.UTF_8)));
            highest = Math.max(highest, number);
        });
    }

    /** The number of a step; a new one where the store has none. */
    public int of(String step) {
        claimed.add(step);
        return numbers.computeIfAbsent(step, unseen -> {
            highest++;
            write(unseen, highest, "");
            return highest;
        });
    }

    /** Says in what form a step of the pipeline writes its rows from the next epoch on. */
    public void writtenAs(String step, StepFormat format) {
        StringBuilder lines = new StringBuilder();
        SortedMap<String, String> words = new TreeMap<>();
        for (StepFormat.Aspect aspect : format.aspects()) {
            lines.append(aspect.name()).append('\t').append(aspect.form()).append('\n');
            words.put(aspect.name(), aspect.form());
        }
        if (!words.equals(formats.getOrDefault(step, new TreeMap<>()))) {
            write(step, of(step), lines.toString());
        }
    }

    private void write(String step, int number, String format) {
        byte[] name = step.getBytes(StandardCharsets.UTF_8);
        byte[] words = format.getBytes(StandardCharsets.UTF_8);
        unwritten.put(
                ByteBuffer.allocate(FIRST.length + name.length)
                        .put(FIRST)
                        .put(name)
                        .array(),
                ByteBuffer.allocate(Integer.BYTES + words.length)
                        .putInt(number)
                        .put(words)
                        .array());
    }

    private static SortedMap<String, String> read(String lines) {
        SortedMap<String, String> words = new TreeMap<>();
        lines.lines().forEach(line -> {
            int tab = line.indexOf('\t');
            words.put(line.substring(0, Math.max(0, tab)), line.substring(tab + 1));
        });
        return words;
    }

    /** The names of the steps in the store, with their numbers. */
    public SortedMap<String, Integer> all() {
        return new TreeMap<>(numbers);
    }

    /** In what form the rows of a step were written, by the names of aspects; empty where the store does not say. */
    public SortedMap<String, String> formatOf(String step) {
        return formats.getOrDefault(step, new TreeMap<>());
    }

    /** The steps in the store that nobody has asked for, with their numbers. */
    Map<String, Integer> unclaimed() {
        Map<String, Integer> rest = new HashMap<>(numbers);
        rest.keySet().removeAll(claimed);
        return rest;
    }

    /** What a row is of; null where this version does not know it. */
    static @Nullable RowKind kindOf(byte[] key) {
        return RowKind.of(key[FIRST.length]);
    }

    /** The numbers that the first commit has to write. */
    public Changes unwritten() {
        return unwritten;
    }
}
