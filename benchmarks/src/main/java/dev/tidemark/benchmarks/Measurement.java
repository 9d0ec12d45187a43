package dev.tidemark.benchmarks;

/**
 * One workload on one contender in a JVM of its own: warm-up, then pairs of a small and a large run. Prints a line per run for
 * {@link Benchmarks}, which starts it.
 */
public final class Measurement {
    static final String LINE = "run";

    private Measurement() {}

    /** Arguments: contender, workload, parallelism, pairs of warm-up, pairs measured. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        Contender contender = Contender.valueOf(args[0]);
        Workload workload = Workload.valueOf(args[1]);
        int parallelism = Integer.parseInt(args[2]);
        int warmUp = Integer.parseInt(args[3]);
        int measured = Integer.parseInt(args[4]);
        for (int i = 0; i < warmUp + measured; i++) {
            long small = contender.run(workload, contender.small(), parallelism);
            long large = contender.run(workload, contender.large(), parallelism);
            if (i >= warmUp) {
                System.out.println(LINE + " " + small + " " + large);
            }
        }
        // Some runners leave threads behind.
        System.exit(0);
    }
}
