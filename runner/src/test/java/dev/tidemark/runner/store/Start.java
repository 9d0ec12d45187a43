package dev.tidemark.runner.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a process finds, and what it does: it opens the state, commits up to its last epoch with a checkpoint after every other, and closes
 * it. Between them these starts do all that a job does to its directory.
 */
enum Start {
    /** Nothing. Commits, makes checkpoints, removes old ones, makes a savepoint. */
    FIRST(5) {
        @Override
        Set<Long> before() {
            return Set.of(0L);
        }

        @Override
        Set<String> more() {
            return Set.of("savepoints");
        }

        @Override
        void prepare(Path root, Path savepoint) throws IOException {
            Disk.local().makeDirectory(root);
        }

        @Override
        long savepointAt() {
            return 3;
        }
    },

    /** What a process has left that was killed in the middle of everything. */
    AGAIN(9) {
        @Override
        Set<Long> before() {
            return Set.of(7L);
        }

        @Override
        Set<String> more() {
            return Set.of("savepoints");
        }

        @Override
        void prepare(Path root, Path savepoint) throws IOException, StoreException {
            Path whole = root.resolveSibling("whole");
            try (StateDirectory state = StateDirectory.open(whole.toString(), History.JOB, options())) {
                History.commit(state.store(), 1, 5);
                state.savepoint(null);
                History.commit(state.store(), 6, 7);
                History.copy(whole, root);
            }
            Path left = History.state(root);
            History.copy(left.resolve("live"), left.resolve("next"));
            History.copy(left.resolve("live"), left.resolve("attempt-x"));
            History.copy(left.resolve("live"), left.resolve("savepoints/.attempt-x"));
            Files.write(left.resolve("live/ingest.sst"), new byte[10]);
            Files.write(left.resolve("live/probe"), new byte[10]);
        }
    },

    /** A live state and a newest checkpoint that are damaged: an older checkpoint takes their place. */
    DAMAGED(7) {
        @Override
        Set<Long> before() {
            return Set.of(4L);
        }

        @Override
        Set<String> more() {
            return Set.of("damaged-1", "damaged-2");
        }

        @Override
        void prepare(Path root, Path savepoint) throws IOException, StoreException {
            write(root, 7);
            Path damaged = History.state(root);
            Files.delete(damaged.resolve("live/epoch"));
            History.flip(damaged.resolve("checkpoints/" + String.format("%020d", 6) + "/manifest"), 3, 0);
        }
    },

    /** A state that is set aside, since the process is told to begin with nothing. */
    NONE(3) {
        @Override
        Set<Long> before() {
            return Set.of(0L, 8L);
        }

        @Override
        Set<String> more() {
            return Set.of("set-aside-1");
        }

        @Override
        void prepare(Path root, Path savepoint) throws StoreException {
            write(root, 8);
        }

        @Override
        String restore(Path savepoint) {
            return "none";
        }
    },

    /** A state that is set aside, since the process is told to begin with a savepoint. */
    SAVEPOINT(5) {
        @Override
        Set<Long> before() {
            return Set.of(3L, 8L);
        }

        @Override
        Set<String> more() {
            return Set.of("set-aside-1");
        }

        @Override
        void prepare(Path root, Path savepoint) throws StoreException {
            try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, options())) {
                History.commit(state.store(), 1, 3);
                state.savepoint(savepoint.toString());
                History.commit(state.store(), 4, 8);
            }
        }

        @Override
        String restore(Path savepoint) {
            return savepoint.toString();
        }
    };

    static final int RETAIN_EVERY = 2;

    final long last;

    Start(long last) {
        this.last = last;
    }

    /** What may be in force while the process has not said yet with what it begins. */
    abstract Set<Long> before();

    /** What there may be beside what there always is. */
    abstract Set<String> more();

    /** Writes what there is before, and the savepoint to begin with. */
    abstract void prepare(Path root, Path savepoint) throws IOException, StoreException;

    /** With what it begins, as {@link StoreChild#RESTORE} has it. */
    String restore(Path savepoint) {
        return "auto";
    }

    /** After which epoch it makes a savepoint, if any. */
    long savepointAt() {
        return 0;
    }

    /** Those of any other process that uses the same state. */
    static StateOptions options() {
        return StoreChild.options("auto", RETAIN_EVERY);
    }

    private static void write(Path root, long last) throws StoreException {
        try (StateDirectory state = StateDirectory.open(root.toString(), History.JOB, options())) {
            History.commit(state.store(), 1, last);
        }
    }
}
