package dev.tidemark.examples;

import dev.tidemark.runner.TidemarkOptions;
import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.store.SavedState;
import dev.tidemark.runner.store.StateDirectory;
import dev.tidemark.runner.store.StateOptions;
import dev.tidemark.runner.store.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;

/**
 * What {@code ./tidemark demo} shows: {@link DemoJob} in a process of its own, which is killed in the middle and started again; and
 * that its result is what the same job gives when nobody kills it. The result goes to standard output, short and sorted; how it
 * went goes to standard error.
 */
public final class Demo {
    /** So many users are shown; the result says of how many. */
    private static final int SHOWN = 10;

    /** What a process that was killed exits with: 128 and the number of the signal. */
    private static final int KILLED = 137;

    private static final String JOB = "tidemark-demo";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** user-2 before user-10. */
    private static final Comparator<String> BY_NUMBER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private Demo() {}

    /** Runs it. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String[] args) {
        return Program.guarded(() -> {
            List<String> all = new ArrayList<>(Arrays.asList(args));
            if (all.stream().noneMatch(arg -> arg.startsWith("--streaming="))) {
                all.add("--streaming=true");
            }
            DemoOptions options = Program.options(DemoOptions.class, all.toArray(String[]::new));
            boolean onTidemark = options.getRunner().getSimpleName().equals("TidemarkRunner");
            Console.heading("sessions and activities of " + described(options) + ", "
                    + (options.isStreaming()
                            ? "as a stream, out of order by up to " + options.getOutOfOrderness()
                            : "as a bounded whole"));
            boolean kills = onTidemark && DemoJob.killAfter(options) > 0;
            return kills ? killed(all, options) : undisturbed(options);
        });
    }

    /** Runs the job once, in this process. */
    private static int undisturbed(DemoOptions options) {
        Pipeline pipeline = Pipeline.create(options);
        try (Collected lines = Collected.of("Collect", DemoJob.lines(readings(pipeline, options), 0))) {
            Program.Outcome outcome = Program.run(pipeline);
            if (!outcome.stopped()) {
                print(lines.rows());
                Example.report(outcome);
            }
            return outcome.exitCode();
        }
    }

    private static PCollection<Reading> readings(Pipeline pipeline, DemoOptions options) {
        return pipeline.apply("ReadActivity", ReadActivity.from(options)).get(ReadActivity.READINGS);
    }

    /** Runs the job in a process of its own that is killed, then in another, then once more without, and compares. */
    private static int killed(List<String> args, DemoOptions options) throws Exception {
        String root = args.stream()
                .filter(arg -> arg.startsWith("--tidemarkStateDir="))
                .map(arg -> arg.substring("--tidemarkStateDir=".length()))
                .findFirst()
                .orElse(Durability.defaultDirectory());
        forget(root);
        List<String> own = new ArrayList<>(args);
        own.add("--jobName=" + JOB);
        own.add("--tidemarkCheckpointInterval=200ms");
        Ran first = start(own);
        if (first.exitCode == 0) {
            Console.detail("the job was over before it could be killed: give it more readings");
        } else if (first.exitCode != KILLED) {
            return first.exitCode;
        }
        Ran last = first;
        long kept = 0;
        if (first.exitCode == KILLED) {
            Console.endOfProgress();
            Console.failure("its process was killed (SIGKILL) in the middle");
            kept = savepoint(root);
            Console.heading("the same command again …");
            own.add("--killAfter=0");
            last = start(own);
            if (last.exitCode != 0) {
                return last.exitCode;
            }
        }
        print(last.lines);
        int exitCode = compare(last.lines, options);
        if (exitCode == 0 && kept > 0) {
            Console.detail("what the job remembered when it was killed: ./tidemark state scan " + JOB + " --from="
                    + kept + " --limit=20");
        }
        return exitCode;
    }

    /** Keeps what the job had when it was killed: at its end it remembers nothing. Returns the epoch. */
    private static long savepoint(String root) throws StoreException {
        try (StateDirectory state = StateDirectory.open(root, JOB, StateOptions.defaults())) {
            state.savepoint(null);
            return state.store().epoch();
        }
    }

    /** The demo begins anew each time. */
    private static void forget(String root) throws StoreException {
        if (SavedState.jobs(root).containsKey(JOB)) {
            SavedState.remove(root, JOB);
        }
    }

    private static int compare(List<String> lines, DemoOptions options) throws NoSuchAlgorithmException {
        Console.heading("once more in one go, to compare …");
        options.as(TidemarkOptions.class).setTidemarkProgress("off");
        Pipeline pipeline = Pipeline.create(options);
        try (Collected expected = Collected.of("Collect", DemoJob.lines(readings(pipeline, options), 0))) {
            Program.Outcome outcome = Program.run(pipeline);
            if (outcome.stopped()) {
                return outcome.exitCode();
            }
            String sum = sum(lines);
            String right = sum(expected.rows());
            if (!sum.equals(right)) {
                Console.failure(String.format(
                        Locale.ROOT,
                        "The result after the kill is not that of an undisturbed run: %,d lines with sha256 %s, and %,d lines with"
                                + " sha256 %s. This is a fault of Tidemark: please report it. [TM-RUN-003]",
                        lines.size(),
                        sum,
                        expected.rows().size(),
                        right));
                return 1;
            }
            Console.success("identical to a run that nobody killed (sha256 " + sum.substring(0, 12) + "…)");
            return 0;
        }
    }

    private static String sum(List<String> lines) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        lines.stream().sorted().forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** How a process ended, and what it printed. */
    private record Ran(int exitCode, List<String> lines) {}

    /** Starts the job with the Java, the flags and the class path of this process, and waits for its end. */
    private static Ran start(List<String> args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DemoJob.class.getName()));
        command.addAll(args);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        List<String> lines;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines = out.lines().toList();
        }
        return new Ran(process.waitFor(), lines);
    }

    // ---------------------------------------------------------------- what is shown

    private static void print(List<String> lines) {
        printActivities(withoutPrefix(lines, DemoJob.ACTIVITY));
        printSessions(withoutPrefix(lines, DemoJob.SESSION));
    }

    private static List<String[]> withoutPrefix(List<String> lines, String prefix) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).split("\t", -1))
                .sorted(Comparator.comparing((String[] columns) -> columns[0], BY_NUMBER)
                        .thenComparing(columns -> String.join("\t", columns)))
                .toList();
    }

    private static void printActivities(List<String[]> rows) {
        Console.row(heading("What they were doing last", rows.size(), "users"));
        rows.stream()
                .limit(SHOWN)
                .forEach(columns -> Console.row(String.format(
                        Locale.ROOT,
                        "  %-12s %-12s from %s to %s",
                        columns[0],
                        columns[1],
                        TIME.format(Instant.parse(columns[2])),
                        TIME.format(Instant.parse(columns[3])))));
    }

    private static void printSessions(List<String[]> rows) {
        Console.row(heading("What they did in a session", rows.size(), "sessions"));
        rows.stream()
                .limit(SHOWN)
                .forEach(columns -> Console.row(String.format(
                        Locale.ROOT,
                        "  %-12s average x %10s   %s",
                        columns[0],
                        columns[2],
                        columns[1].replace(",", ", "))));
    }

    private static String heading(String what, int number, String unit) {
        String all = String.format(Locale.ROOT, "%s: %,d %s", what, number, unit);
        return number > SHOWN ? all + ", the first " + SHOWN + " of them" : all;
    }

    private static String described(ActivityOptions options) {
        String file = options.getInput();
        return file != null
                ? file
                : String.format(
                        Locale.ROOT,
                        "%,d generated readings of %,d users (seed %d)",
                        options.getReadings(),
                        options.getUsers(),
                        options.getSeed());
    }
}
