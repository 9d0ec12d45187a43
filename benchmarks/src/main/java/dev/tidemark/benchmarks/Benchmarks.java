package dev.tidemark.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs every workload on every contender, each in a JVM of its own, and prints what an element costs, and the ratios. */
public final class Benchmarks {
    private static final int PARALLELISM = Integer.getInteger("parallelism", 2);
    private static final int WARM_UP = Integer.getInteger("warmUp", 2);
    private static final int MEASURED = Integer.getInteger("measured", 5);
    private static final long LIMIT_MINUTES = 15;

    private Benchmarks() {}

    /**
     * What an element costs on top of what starting costs.
     *
     * @param nanos the median over the pairs of (large run − small run) / (large size − small size)
     * @param least the least of them
     * @param most the most of them
     * @param startMillis the median of what is left of the small run
     */
    record Cost(double nanos, double least, double most, double startMillis) {
        static Cost of(Contender contender, List<long[]> pairs) {
            double[] perElement = new double[pairs.size()];
            double[] start = new double[pairs.size()];
            for (int i = 0; i < pairs.size(); i++) {
                long small = pairs.get(i)[0];
                long large = pairs.get(i)[1];
                perElement[i] = (double) (large - small) / (contender.large() - contender.small());
                start[i] = (small - perElement[i] * contender.small()) / 1e6;
            }
            Arrays.sort(perElement);
            Arrays.sort(start);
            return new Cost(
                    perElement[perElement.length / 2],
                    perElement[0],
                    perElement[perElement.length - 1],
                    start[start.length / 2]);
        }
    }

    /** Arguments: names of contenders to leave out. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> without = List.of(args);
        System.out.printf(
                Locale.ROOT,
                "%s %s on %s, %d processors, parallelism %d; median of %d pairs of runs after %d for warming up%n",
                System.getProperty("java.vm.name"),
                System.getProperty("java.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                PARALLELISM,
                MEASURED,
                WARM_UP);
        for (Workload workload : Workload.values()) {
            Map<Contender, Cost> costs = new EnumMap<>(Contender.class);
            for (Contender contender : Contender.values()) {
                if (!without.contains(contender.name())) {
                    System.err.println("▸ " + workload.title() + ": " + contender.title());
                    costs.put(contender, Cost.of(contender, measure(contender, workload)));
                }
            }
            print(workload, costs);
        }
    }

    private static List<long[]> measure(Contender contender, Workload workload)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms1g",
                "-Xmx2g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                contender.classPath(System.getProperty("java.class.path"))));
        if (Runtime.version().feature() >= 24) {
            command.add(1, "--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of(
                Measurement.class.getName(),
                contender.name(),
                workload.name(),
                Integer.toString(PARALLELISM),
                Integer.toString(WARM_UP),
                Integer.toString(MEASURED)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<long[]> pairs = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                if (words[0].equals(Measurement.LINE)) {
                    pairs.add(new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])});
                }
            }
        }
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0 || pairs.size() != MEASURED) {
            process.destroyForcibly();
            throw new IllegalStateException("no result of " + workload + " on " + contender + ": see above");
        }
        return pairs;
    }

    @SuppressWarnings("SystemOut")
    private static void print(Workload workload, Map<Contender, Cost> costs) {
        System.out.printf(
                Locale.ROOT,
                "%n%-30s %12s %21s %12s %10s %12s%n",
                workload.title(),
                "ns/element",
                "(least … most)",
                "start, ms",
                "× loop",
                "× Tidemark");
        costs.forEach((contender, cost) -> System.out.printf(
                Locale.ROOT,
                "%-30s %,12.1f %21s %,12.0f %10s %12s%n",
                contender.title(),
                cost.nanos(),
                String.format(Locale.ROOT, "(%,.1f … %,.1f)", cost.least(), cost.most()),
                cost.startMillis(),
                ratio(cost, costs.get(Contender.LOOP)),
                ratio(cost, costs.get(Contender.TIDEMARK))));
    }

    private static String ratio(Cost cost, @Nullable Cost to) {
        return to == null ? "" : String.format(Locale.ROOT, "%,.2f", cost.nanos() / to.nanos());
    }
}
