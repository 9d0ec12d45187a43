package dev.tidemark.runner;

import dev.tidemark.runner.plan.Durability;
import dev.tidemark.runner.plan.KeyGroups;
import dev.tidemark.runner.plan.ProgressStyle;
import dev.tidemark.runner.plan.RunOptions;
import java.io.Console;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.jspecify.annotations.Nullable;

/** From the user's options to checked ones. What is wrong is said here, before anything starts. */
final class OptionsReader {
    private static final int BATCH_ELEMENTS = 256;
    private static final long LONGEST_MILLIS = Duration.ofDays(366).toMillis();
    private static final Pattern SHORT = Pattern.compile("(\\d{1,12})\\s*([a-zA-Z]+)");
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,9})\\s*(%|[a-zA-Z]+)");
    private static final Map<String, Long> UNIT_BYTES = Map.of("KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30);
    private static final Map<String, Long> UNIT_MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L);

    private OptionsReader() {}

    static RunOptions read(TidemarkOptions options) {
        return read(options, isNamed(options));
    }

    /** @param named whether somebody has given the job its name: see {@link #isNamed}, which a copy cannot tell any more */
    static RunOptions read(TidemarkOptions options, boolean named) {
        int parallelism = parallelism(options.getTidemarkParallelism());
        int processors = Runtime.getRuntime().availableProcessors();
        int bundle = options.as(TestTidemarkOptions.class).getTidemarkBundleElements();
        if (bundle < 1) {
            throw wrong("tidemarkBundleElements", String.valueOf(bundle), "a bundle has at least one element");
        }
        return new RunOptions(
                options.getJobName(),
                parallelism,
                Math.min(parallelism, processors),
                bundle,
                Math.min(bundle, BATCH_ELEMENTS),
                millis("tidemarkCheckpointInterval", options.getTidemarkCheckpointInterval()),
                bytes("tidemarkStateMemory", options.getTidemarkStateMemory()),
                enforces(options.getTidemarkEnforce()),
                progress(options.getTidemarkProgress()),
                options.as(TestTidemarkOptions.class).getTidemarkTornDownAfter(),
                durability(options, named),
                options);
    }

    private static @Nullable Durability durability(TidemarkOptions options, boolean named) {
        int retained = options.getTidemarkCheckpointsRetained();
        if (retained < 1) {
            throw wrong("tidemarkCheckpointsRetained", String.valueOf(retained), "keep at least one");
        }
        int restarts = options.getTidemarkMaxRestarts();
        if (restarts < 0) {
            throw wrong("tidemarkMaxRestarts", String.valueOf(restarts), "use 0 or more");
        }
        String directory = options.getTidemarkStateDir();
        if (!named) {
            if (directory != null) {
                throw wrong(
                        "tidemarkStateDir",
                        directory,
                        "a job finds its state again by its name, so give it one with --jobName");
            }
            if (restarts > 0) {
                throw wrong(
                        "tidemarkMaxRestarts",
                        String.valueOf(restarts),
                        "a job goes on from a checkpoint, and only one with a --jobName keeps any");
            }
            return null;
        }
        if (directory == null && options.as(TestTidemarkOptions.class).getRunner() == TestTidemarkRunner.class) {
            return null;
        }
        return new Durability(
                directory == null ? Durability.defaultDirectory() : directory,
                options.getTidemarkRestore(),
                retained,
                restarts,
                options.getTidemarkAllowNonRestoredState());
    }

    /** Whether somebody has given the job its name. Beam makes one up otherwise, another each time. */
    static boolean isNamed(TidemarkOptions options) {
        return DisplayData.from(options).items().stream()
                .anyMatch(item -> item.getKey().equals("jobName"));
    }

    private static boolean enforces(@Nullable String asked) {
        if (asked == null || asked.equals("none")) {
            return false;
        }
        if (!asked.equals("all")) {
            throw wrong("tidemarkEnforce", asked, "use none or all");
        }
        return true;
    }

    private static ProgressStyle progress(String asked) {
        return switch (asked) {
            case "auto" -> isTerminal() ? ProgressStyle.BAR : ProgressStyle.OFF;
            case "bar" -> ProgressStyle.BAR;
            case "plain" -> ProgressStyle.PLAIN;
            case "json" -> ProgressStyle.JSON;
            case "off" -> ProgressStyle.OFF;
            default -> throw wrong("tidemarkProgress", asked, "use auto, bar, plain, json or off");
        };
    }

    /** Whether a person reads what this JVM prints. A Java since 22 has a console without a terminal, too, and can be asked. */
    @SuppressWarnings("SystemConsoleNull") // it is null on the older ones, which this must run on
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private static int parallelism(int asked) {
        if (asked < 0 || asked > KeyGroups.COUNT) {
            throw wrong(
                    "tidemarkParallelism",
                    String.valueOf(asked),
                    "use 1 to " + KeyGroups.COUNT + ", or 0 for one task per processor");
        }
        return asked == 0 ? Math.min(KeyGroups.COUNT, Runtime.getRuntime().availableProcessors()) : asked;
    }

    /** A length of time in milliseconds, at least one. */
    static long millis(String option, String text) {
        Matcher matcher = SHORT.matcher(text.trim());
        long millis;
        if (matcher.matches()) {
            Long unit = UNIT_MILLIS.get(matcher.group(2).toLowerCase(Locale.ROOT));
            if (unit == null) {
                throw wrong(option, text, "there is no unit \"" + matcher.group(2) + "\"; units are ms, s, m and h");
            }
            millis = Long.parseLong(matcher.group(1)) * unit;
        } else {
            try {
                millis = Duration.parse(text.trim().toUpperCase(Locale.ROOT)).toMillis();
            } catch (DateTimeParseException e) {
                throw wrong(option, text, "write a number and a unit, such as 500ms, 1s or 2m");
            }
        }
        if (millis < 1 || millis > LONGEST_MILLIS) {
            throw wrong(option, text, "it must be at least 1ms, and at most a year");
        }
        return millis;
    }

    /** An amount of memory: a share of what this JVM may have, or bytes with their unit. */
    static long bytes(String option, String text) {
        Matcher matcher = MEMORY.matcher(text.trim());
        if (!matcher.matches()) {
            throw wrong(option, text, "write a share such as 25%, or a number and a unit, such as 512MB or 2GB");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        long most = Runtime.getRuntime().maxMemory();
        if (unit.equals("%")) {
            if (number < 1 || number > 90) {
                throw wrong(option, text, "a share is from 1% to 90%");
            }
            return most / 100 * number;
        }
        Long unitBytes = UNIT_BYTES.get(unit);
        if (unitBytes == null) {
            throw wrong(option, text, "there is no unit \"" + matcher.group(2) + "\"; units are %, KB, MB and GB");
        }
        if (number < 1 || number > most / unitBytes) {
            throw wrong(
                    option,
                    text,
                    "it must be at least 1KB, and at most the " + (most >> 20) + "MB that this JVM may have");
        }
        return number * unitBytes;
    }

    private static IllegalArgumentException wrong(String option, String value, String what) {
        return new IllegalArgumentException(
                "TM-OPTION-101: --" + option + "=" + value + " cannot be used: " + what + ".");
    }
}
