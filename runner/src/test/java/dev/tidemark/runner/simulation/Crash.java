package dev.tidemark.runner.simulation;

/** The simulated machine has lost its power, or the process was killed: nothing catches this and goes on. */
final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
        super(where);
    }
}
