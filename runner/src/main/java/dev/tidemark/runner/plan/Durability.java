package dev.tidemark.runner.plan;

/**
 * How a job outlives its process.
 *
 * @param directory where the states of all jobs are; this one's is a directory in it, by the name of the job
 * @param restore what it begins with: {@code auto}, {@code none}, or the path of a savepoint
 * @param retained how many older checkpoints are kept beside the newest
 * @param maxRestarts how often a job that fails goes on from its last checkpoint by itself
 * @param allowsNonRestored whether state that the pipeline has no place for may be left behind
 */
public record Durability(String directory, String restore, int retained, int maxRestarts, boolean allowsNonRestored) {
    /** Where jobs keep their states unless told where: where programs keep what is to outlive them, by the rules of the XDG. */
    public static String defaultDirectory() {
        String chosen = System.getenv("XDG_STATE_HOME");
        String base = chosen == null || chosen.isEmpty() ? System.getProperty("user.home") + "/.local/state" : chosen;
        return base + "/tidemark";
    }
}
