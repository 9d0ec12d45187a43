package dev.tidemark.runner.checkpoint;

import dev.tidemark.runner.store.Store;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Whether a pipeline has a place for everything that a checkpoint holds. */
public final class Compatibility {
    private Compatibility() {}

    /**
     * The steps whose state nobody asked for: they are not in the pipeline any more, or have another name.
     *
     * @param numbers asked for the number of each step that the pipeline has
     */
    public static List<String> leftBehind(Store store, StepNumbers numbers) {
        List<String> left = new ArrayList<>();
        numbers.unclaimed().forEach((step, number) -> {
            if (hasRows(store, number)) {
                left.add(step);
            }
        });
        left.sort(null);
        return left;
    }

    private static boolean hasRows(Store store, int number) {
        boolean[] found = new boolean[1];
        store.scan(bytes(number), bytes(number + 1), (key, value) -> found[0] |= !StepNumbers.isBookkeeping(key));
        return found[0];
    }

    private static byte[] bytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }
}
