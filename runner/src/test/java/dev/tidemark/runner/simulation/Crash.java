package dev.tidemark.runner.simulation;

/** The simulated machine has lost its power, or the process was killed: nothing catches this and goes on. */
final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
        super(where);
    }

    /** Whether this is what something failed of. */
    static boolean isCauseOf(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Crash) {
                return true;
            }
        }
        return false;
    }
}
