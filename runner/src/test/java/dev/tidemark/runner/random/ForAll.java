package dev.tidemark.runner.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/** Tries a claim on many seeds, two at a time. */
public final class ForAll {
    private ForAll() {}

    /**
     * Asks the claim for each seed what is wrong with it.
     *
     * @throws AssertionError with the first answer, and the seed, if there is any; seeds after that are not tried any more
     */
    public static void seeds(long first, int count, LongFunction<Optional<String>> claim) throws InterruptedException {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<Optional<String>>> answers = new ArrayList<>();
            for (long seed = first; seed < first + count; seed++) {
                long tried = seed;
                answers.add(two.submit(() -> claim.apply(tried)));
            }
            for (int i = 0; i < count; i++) {
                String where = "seed " + (first + i) + " of " + count + " from " + first + ": ";
                Optional<String> wrong;
                try {
                    wrong = answers.get(i).get();
                } catch (ExecutionException e) {
                    throw new AssertionError(where + "the trial itself failed", e.getCause());
                }
                if (wrong.isPresent()) {
                    throw new AssertionError(where + wrong.get());
                }
            }
        } finally {
            two.shutdownNow();
        }
    }
}
