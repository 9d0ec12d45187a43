package dev.tidemark.examples;

import java.util.ArrayList;
import java.util.List;

/**
 * Invented readings of the shape of the real ones: every user carries a phone that makes a sample each 200 ms, pauses now and then
 * for 10 to 20 seconds, and changes from one activity to another. One reading in eight arrives up to four seconds late, and one
 * row in a thousand is malformed. All of it follows from the seed: the same seed gives the same rows, into however many
 * parts they are split.
 *
 * @param readings how many rows in all, the malformed ones included
 * @param users how many users share them evenly
 * @param delayMillis how late the late ones are at most; 0 for readings in the order of event time
 * @param part which users this part has: those whose number leaves {@code part} when divided by {@code parts}
 */
record GeneratedActivity(long readings, int users, long seed, long delayMillis, int part, int parts)
        implements ActivityInput {
    /** So much of disorder is in the readings: within a step, and through delay. */
    static final long STEP_MILLIS = 200;

    private static final long LONGEST_DELAY_MILLIS = 4_000;

    GeneratedActivity {
        if (readings < 0) {
            throw ExampleException.usage(
                    "TM-OPTION-003",
                    "Cannot generate " + readings + " readings",
                    "that is less than none",
                    "Write --readings=N with N from 0 on.");
        }
        if (users < 1) {
            throw ExampleException.usage(
                    "TM-OPTION-003",
                    "Cannot generate readings of " + users + " users",
                    "somebody has to move",
                    "Write --users=N with N from 1 on.");
        }
    }

    static GeneratedActivity of(long readings, int users, long seed) {
        return new GeneratedActivity(readings, users, seed, LONGEST_DELAY_MILLIS, 0, 1);
    }

    GeneratedActivity inOrder() {
        return new GeneratedActivity(readings, users, seed, 0, part, parts);
    }

    @Override
    public Position start() {
        return new Position(0, 1);
    }

    @Override
    public RowFeed open(Position from) {
        return new GeneratedRows(this, from);
    }

    @Override
    public List<GeneratedActivity> split(int wanted) {
        if (parts > 1) {
            return List.of(this);
        }
        int number = Math.max(1, Math.min(wanted, users));
        List<GeneratedActivity> split = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            split.add(new GeneratedActivity(readings, users, seed, delayMillis, i, number));
        }
        return List.copyOf(split);
    }

    @Override
    public boolean splitsKeepTheOrderOfUsers() {
        return true;
    }

    @Override
    public long estimatedBytes() {
        return readings / parts * 90;
    }
}
