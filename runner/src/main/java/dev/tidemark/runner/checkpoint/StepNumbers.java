package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.store.Changes;
import dev.tidemark.runner.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The number under which each step's rows are kept. A name has the same number for as long as the store lives, whatever becomes of
 * the pipeline. Owned by the thread that wires a job.
 *
 * <p>Its own rows: four zero bytes and a name; so the numbers of steps begin with one.
 */
public final class StepNumbers {
    private static final byte[] FIRST = {0, 0, 0, 0};
    private static final byte[] END = {0, 0, 0, 1};

    /** The kinds of rows, as the ledgers of steps number them, that are not what a user would call state. */
    private static final byte PROGRESS = 1;

    private static final byte METRICS = 12;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final Set<String> claimed = new HashSet<>();
    private final Changes unwritten = new Changes();
    private int highest;

    /** Reads what the store has. */
    public StepNumbers(Store store) {
        store.scan(FIRST, END, (key, value) -> {
            int number = ByteBuffer.wrap(value).getInt();
            numbers.put(new String(key, FIRST.length, key.length - FIRST.length, StandardCharsets.UTF_8), number);
            highest = Math.max(highest, number);
        });
    }

    /** The number of a step; a new one where the store has none. */
    public int of(String step) {
        claimed.add(step);
        return numbers.computeIfAbsent(step, unseen -> {
            byte[] name = unseen.getBytes(StandardCharsets.UTF_8);
            byte[] key = ByteBuffer.allocate(FIRST.length + name.length)
                    .put(FIRST)
                    .put(name)
                    .array();
            highest++;
            unwritten.put(
                    key, ByteBuffer.allocate(Integer.BYTES).putInt(highest).array());
            return highest;
        });
    }

    /** The steps in the store that nobody has asked for, with their numbers. */
    Map<String, Integer> unclaimed() {
        Map<String, Integer> rest = new HashMap<>(numbers);
        rest.keySet().removeAll(claimed);
        return rest;
    }

    /** Whether a row says only how far its step had come, or what it had counted: nothing is lost with it. */
    static boolean isBookkeeping(byte[] key) {
        byte kind = key[FIRST.length];
        return kind == PROGRESS || kind == METRICS;
    }

    /** The numbers that the first commit has to write. */
    public Changes unwritten() {
        return unwritten;
    }
}
