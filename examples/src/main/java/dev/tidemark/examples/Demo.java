package dev.tidemark.examples;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * What {@code ./tidemark demo} shows: {@link UserSessions} and {@link UserActivity} on one stream of readings. The result goes to
 * standard output, short and sorted; how it went goes to standard error.
 */
public final class Demo {
    /** So many users are shown; the result says of how many. */
    private static final int SHOWN = 10;

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
            ActivityOptions options = Program.options(ActivityOptions.class, all.toArray(String[]::new));
            return run(options);
        });
    }

    private static int run(ActivityOptions options) {
        Pipeline pipeline = Pipeline.create(options);
        PCollectionTuple rows = pipeline.apply("ReadActivity", ReadActivity.from(options));
        rows.get(ReadActivity.MALFORMED).apply("ReportMalformed", ParDo.of(new Example.ReportMalformed()));
        PCollection<Reading> readings = rows.get(ReadActivity.READINGS);
        Console.heading("sessions and activities of " + described(options) + ", "
                + (options.isStreaming()
                        ? "as a stream, out of order by up to " + options.getOutOfOrderness()
                        : "as a bounded whole"));
        try (Collected sessions = Collected.of("CollectSessions", new UserSessionsExample().lines(readings));
                LatestActivities activities = LatestActivities.of(UserActivityExample.rows(readings))) {
            Program.Outcome outcome = Program.run(pipeline);
            printActivities(activities.byUser());
            printSessions(sessions.rows());
            Example.report(outcome);
            return outcome.exitCode();
        }
    }

    private static void printActivities(Map<String, UserActivity.Now> byUser) {
        Console.row(heading("What they were doing last", byUser.size(), "users"));
        byUser.values().stream()
                .sorted(Comparator.comparing(UserActivity.Now::user, BY_NUMBER))
                .limit(SHOWN)
                .forEach(now -> Console.row(String.format(
                        Locale.ROOT,
                        "  %-12s %-12s from %s to %s",
                        now.user(),
                        now.activity(),
                        TIME.format(now.start()),
                        TIME.format(now.end()))));
    }

    private static void printSessions(List<String> lines) {
        Console.row(heading("What they did in a session", lines.size(), "sessions"));
        lines.stream()
                .map(line -> line.split("\t", -1))
                .sorted(Comparator.comparing((String[] columns) -> columns[0], BY_NUMBER)
                        .thenComparing(columns -> String.join("\t", columns)))
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
